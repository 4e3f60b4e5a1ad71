"""People sign in: by password, by a link, with an app, with a passkey."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from conftest import PASSWORD, let_sign_in
from seatledger.domain.people.models import User
from support import administrator_of, given_account, given_user

pytestmark = pytest.mark.django_db(transaction=True)

NEW_PASSWORD = "lantern orbit staple"  # noqa: S105 -- a test says what is typed


@pytest.fixture
def ann(transactional_db: None) -> User:
    """Return the administrator of Northwind, who has a password."""
    cache.clear()
    return let_sign_in(administrator_of(given_account("Northwind")))


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_someone_signs_in_after_a_slip_and_out_again(portal, theme, ann):
    page = portal.visit()
    sign_in(page, ann.email, "not my password")
    expect(page.get_by_role("alert")).to_have_text("The email address or the password is not right.")
    sign_in(page, "ANN.LEE@northwind.example")
    expect(page.get_by_role("heading", name="Northwind")).to_be_visible()
    sign_out(page)


def test_a_deactivated_user_reads_what_to_do(portal, theme, ann):
    ben = let_sign_in(given_user(ann.account, "Ben Okoro", active=False))
    page = portal.visit()
    sign_in(page, ben.email)
    expect(page.get_by_role("alert")).to_have_text(
        "Your user is deactivated. Ask an administrator of your account."
    )


def test_a_link_leads_to_a_password_and_in(portal, theme, ann):
    page = portal.visit()
    page.goto(f"/accounts/password/reset/key/{ann.pk.hex}-{default_token_generator.make_token(ann)}/")
    page.get_by_label("New password", exact=False).first.fill(NEW_PASSWORD)
    page.get_by_label("New password, once more").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Northwind")).to_be_visible()


def test_an_app_is_set_up_and_asked_for(portal, theme, ann):
    page = portal.visit()
    sign_in(page, ann.email)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up").click()
    confirm(page)
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    recovery_code = page.locator("#codes code").first.inner_text()
    sign_out(page)
    sign_in(page, ann.email)
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Northwind")).to_be_visible()


def test_a_passkey_signs_in_alone_under_the_content_policy(portal, theme, ann):
    page = portal.visit()
    give_fingerprint(page)
    here = portal.address.replace("127.0.0.1", "localhost")  # browsers make passkeys for names only
    page.goto(f"{here}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Email address").fill(ann.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    confirm(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{here}/accounts/2fa/webauthn/")
    expect(page.get_by_role("row", name="My laptop")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Northwind")).to_be_visible()


def give_fingerprint(page: Page) -> None:
    """Give the browser an authenticator that always recognises its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))
