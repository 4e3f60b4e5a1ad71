"""Signing in with a second step, and the pages that set it up."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse
from signing_in import PASSWORD, choose_password, given_person, is_signed_in, link_of, page_of, sign_in

from conftest import Visitor
from seatledger.domain.people.models import User
from support import refreshed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]


def code_of(secret: str, *, steps: int = 0) -> str:
    counter = next(iter(yield_hotp_counters_from_time())) + steps
    return format_hotp_value(hotp_value(secret, counter))


def set_up_app(visitor: Visitor, user: User) -> str:
    """Set up an authenticator app as the pages lead; returns its secret."""
    sign_in(visitor, user.email)
    asked = visitor.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert visitor.post(asked.url, {"password": PASSWORD}).status_code == 302
    page = visitor.get(reverse("mfa_activate_totp"))
    assert "<svg" in page_of(page)
    assert "data:image" not in page_of(page)
    secret: str = page.context["form"].secret
    done = visitor.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    return secret


def test_an_authenticator_app_is_asked_at_the_next_sign_in(anyone):
    ben = given_person()
    secret = set_up_app(anyone, ben)
    stored = Authenticator.objects.get(user=ben, type=Authenticator.Type.TOTP)
    assert secret not in repr(stored.data)
    cache.clear()  # the library takes a code once; the next one is half a minute away
    elsewhere = Visitor()
    assert sign_in(elsewhere, ben.email).url == reverse("mfa_authenticate")
    assert not is_signed_in(elsewhere)
    wrong = elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right." in page_of(wrong)
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(elsewhere)


def test_a_recovery_code_signs_in_once(anyone):
    ben = given_person()
    set_up_app(anyone, ben)
    codes = anyone.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    for expected in (True, False):
        elsewhere = Visitor()
        sign_in(elsewhere, ben.email)
        elsewhere.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_signed_in(elsewhere) is expected


def test_a_link_does_not_step_over_the_second_step(anyone):
    ben = given_person()
    set_up_app(anyone, ben)
    elsewhere = Visitor()
    assert choose_password(elsewhere, link_of(refreshed(ben))).url == reverse("mfa_authenticate")
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    "page",
    [
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    ],
)
def test_every_own_page_is_shown(anyone, page):
    ben = given_person()
    set_up_app(anyone, ben)
    answer = anyone.get(reverse(page))
    assert answer.status_code == 200
    assert "our profile" in page_of(answer)
    assert Visitor().get(reverse(page)).url.startswith(reverse("account_login"))
