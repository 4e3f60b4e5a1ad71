"""Somebody signs up: from the sign-in page to the first page of the account, with and without a script."""

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from delivery import forget_the_jobs, jobs_named
from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import Message
from seatledger.faces.jobs.tasks import deliver_signup, send_message
from signing_up import PASSWORD, given_offer

pytestmark = pytest.mark.django_db(transaction=True)


def link_in_the_letter() -> str:
    mail.outbox.clear()
    [job] = jobs_named("deliver_signup")
    deliver_signup(**job.args)
    send_message(message_id=str(Message.objects.get().pk))
    forget_the_jobs()
    [letter] = mail.outbox
    [line] = [line for line in letter.body.splitlines() if "/accounts/signup/" in line]
    return "/accounts/signup/" + line.partition("/accounts/signup/")[2]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_organisation_signs_up_and_sees_its_first_page(portal, script):  # A8
    cache.clear()
    given_offer()
    page = portal.visit(script=script)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Organisation", exact=False).first.fill("Fabrikam")
    page.get_by_label("First name").fill("Eve")
    page.get_by_label("Last name").fill("Moss")
    page.get_by_label("Email address").fill("eve.moss@fabrikam.example")
    page.get_by_label("Password").fill("password1234")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("This password is too common.").last).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    page.goto(link_in_the_letter())
    page.get_by_label("The password you chose").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Fabrikam")).to_be_visible()
    serial_number = Account.objects.get().serial_number
    expect(page.get_by_text(f"Fabrikam has an account now: {serial_number}.")).to_be_visible()
    expect(page.get_by_role("link", name="Buy now").first).to_be_visible()
