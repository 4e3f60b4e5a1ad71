"""Days of grace as people read them: on every page, beside each licence, in the console, in help, and on the command line."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from signing_in import page_of
from staff_visits import sign_in_staff

from commands import run_command
from reading import text_of
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import today_of
from seatledger.faces.jobs.endings import watch_endings
from seatledger.faces.ui import formats
from staffing import given_member
from support import AT, STAFF, administrator_of, given_account, given_pool, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended_days_ago(visit_as, settings):
    """Return a way to have licences that ended so many days ago, with seven days of grace, and its administrator."""
    settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 7

    def begin(days: int):
        account = given_account("Northwind")
        last_day = today_of(account, timezone.now()) - timedelta(days=days)
        pool = given_pool(account, expires_on=last_day)
        Pool.objects.filter(account=account, counts_active_users=True).update(expires_on=None)
        return visit_as(administrator_of(account)), pool

    return begin


def long(day) -> str:
    return formats.day_text(day, locale="en_GB", style="long")


def notice_of(visitor, url="/"):
    return text_of(visitor.get(url), ".//aside[@aria-label='Notice']")


def test_pages_say_that_licences_ended_and_until_when_access_goes_on(ended_days_ago):  # A10, A15
    visitor, pool = ended_days_ago(1)
    ended, until = long(pool.expires_on), long(pool.expires_on + timedelta(days=7))
    said = f"Your licences ended on {ended}; access goes on until the end of {until}."
    for url in ("/", "/users/", "/billing/", "/settings/"):
        assert said in notice_of(visitor, url)
    overview = page_of(visitor.get("/"))
    assert "Professional User licences have ended" in overview
    assert f"They ended on {ended}. Access goes on until the end of {until}, free of charge." in overview
    assert "Access ends" in text_of(visitor.get("/"))
    assert "In grace" in text_of(visitor.get("/billing/"), ".//tr[@id='pool-professional-user']")
    assert "Active" in text_of(visitor.get("/billing/"))


def test_after_the_grace_the_account_is_expired_and_billing_is_reached(ended_days_ago):  # A10
    visitor, pool = ended_days_ago(8)
    said = f"The licences of this account ended with {long(pool.expires_on)}. Everything in it is kept."
    assert said in notice_of(visitor)
    billing = text_of(visitor.get("/billing/"))
    assert "Expired 8 days ago" in billing


def test_the_command_says_what_the_page_says(ended_days_ago):
    _, pool = ended_days_ago(7)
    ben = given_user(pool.account)
    assign_licence(pool=pool, user=ben, at=AT, by=STAFF)

    def ask(holder: str = ben.email) -> tuple[int, str]:
        return run_command("account", "access", pool.account.serial_number, "professional-user", holder)

    ended, until = pool.expires_on, pool.expires_on + timedelta(days=7)
    assert ask() == (0, f"yes, in_grace, valid to {ended}, access to {until}\n")
    Pool.objects.filter(pk=pool.pk).update(expires_on=ended - timedelta(days=1))
    assert ask()[0] == 1
    assert ask()[1].startswith("no, expired, valid to ")
    assert ask("nobody@northwind.example") == (1, "no, not_held\n")


def test_staff_see_until_when_access_goes_on(ended_days_ago):
    _, pool = ended_days_ago(1)
    staff = sign_in_staff(given_member(at=timezone.now() - timedelta(minutes=5)))
    page = text_of(staff.get(reverse("console:account", args=[pool.account.serial_number])))
    until = formats.day_text(pool.expires_on + timedelta(days=7), locale="en_GB")
    assert f"access until {until}" in page


def test_the_job_records_an_end_once(ended_days_ago):
    ended_days_ago(1)
    for _ in range(2):
        watch_endings(timestamp=0)
    assert Event.objects.filter(kind="licences_ended").count() == 1
    assert not Event.objects.filter(kind="access_ended").exists()


def test_help_says_how_long_access_goes_on(ended_days_ago, settings):
    visitor, _ = ended_days_ago(1)
    assert "access goes on for 7 days, free of charge" in page_of(visitor.get("/help/licensing"))
    settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 0
    assert "access goes on for" not in page_of(visitor.get("/help/licensing"))
