"""Account > Settings: seen by everyone who is signed in, changed by those who may."""

import pytest
from django.urls import reverse
from signing_in import page_of

from seatledger.domain.events.models import Event
from support import administrator_of, given_account, given_user, refreshed

pytestmark = pytest.mark.django_db

SETTINGS = {"name": "Northwind Trading", "time_zone": "Europe/Berlin", "locale": "de-DE"}


def test_an_administrator_changes_the_settings(visit_as):
    account = given_account("Northwind")
    neighbour = given_account("Contoso")
    visitor = visit_as(administrator_of(account))
    page = page_of(visitor.post(reverse("portal:settings"), SETTINGS, follow=True))
    assert "The settings are saved." in page
    assert 'value="Northwind Trading"' in page
    changed = refreshed(account)
    assert (changed.name, changed.time_zone, changed.locale) == tuple(SETTINGS.values())
    assert refreshed(neighbour).name == "Contoso"
    assert Event.objects.filter(account=account, kind="account_settings_changed").count() == 1


def test_who_may_not_change_them_sees_them(visit_as):
    account = given_account("Northwind")
    visitor = visit_as(given_user(account))
    page = page_of(visitor.get(reverse("portal:settings")))
    assert "Europe/London" in page
    assert "English (United Kingdom)" in page
    assert 'name="time_zone"' not in page
    assert visitor.post(reverse("portal:settings"), SETTINGS).status_code == 403
    assert refreshed(account).name == "Northwind"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 201, "at most 200 characters"),
        ("name", "North\u202ewind", "cannot be shown"),
        ("time_zone", "Mars/Olympus", "There is no time zone “Mars/Olympus”."),
        ("time_zone", "../../etc/passwd", "There is no time zone"),
        ("locale", "xx-XX", "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(visit_as, field, value, words):
    account = given_account("Northwind")
    visitor = visit_as(administrator_of(account))
    answer = visitor.post(reverse("portal:settings"), SETTINGS | {field: value})
    assert answer.status_code == 422
    assert words in page_of(answer).replace("&quot;", '"')
    assert answer.context["form"].errors.keys() == {field}
    assert refreshed(account).name == "Northwind"


def test_every_time_zone_is_offered_and_the_account_keeps_a_language_of_its_own(visit_as):
    account = given_account("Northwind")
    account.locale = "ga-IE"
    account.save(update_fields=["locale"])
    page = page_of(visit_as(administrator_of(account)).get(reverse("portal:settings")))
    for zone in ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Ushuaia"):
        assert f'<option value="{zone}">' in page
    assert '<option value="ga-IE" selected>Irish (Ireland)</option>' in page


def test_the_menu_leads_there(visit_as):
    page = page_of(visit_as(given_user(given_account("Northwind"))).get(reverse("portal:settings")))
    assert 'href="/settings/" aria-current="page"' in " ".join(page.split())
