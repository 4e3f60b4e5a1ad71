"""The addresses below /accounts/: signing in and out, passwords, and the second step.

The views are django-allauth's. This file is the one place that says which of them exist here and who may see each;
whatever the library has besides (managing e-mail addresses, other providers) has no address.
"""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.cache import never_cache

from seatledger.faces.portal import joining, regions, sign_up
from seatledger.faces.portal.access import private

LibraryView = Callable[..., HttpResponse]

# Which pages anybody may ask for, and why that is safe.
PUBLIC_PAGES = {
    "account_login": "People sign in here. Limited by address, and by user after five wrong passwords.",
    "account_logout": "Ends the asker's own session; it also gives up a sign-in at its second step.",
    "account_inactive": "Says what a deactivated user can do; it names nobody.",
    "account_reset_password": "Answers every address alike and only queues a job. Limited.",
    "account_reset_password_done": "The same words for everybody.",
    "account_reset_password_from_key": "Needs a link that works once, for three days. Limited.",
    "account_reset_password_from_key_done": "The same words for everybody.",
    "mfa_authenticate": "Needs a session in which the right password was given. Limited.",
    "mfa_login_webauthn": "Needs the answer of a passkey to a challenge of this session. Limited.",
    "account_signup": "Answers every address alike and only queues a job. Limited.",
    "signup_asked": "Needs a signed address that only who asked was given. Limited.",
    "signup_confirm": "Needs a signed link that was sent to the address, for a day, and the password. Limited.",
    "account_moved": "Says where a region's sign-in page is, and nothing about anybody.",
    "join_ask": "Answers every address alike and only queues a job. Limited.",
    "join_asked": "The same words for everybody.",
    "join": "Needs a signed link that was sent to the address, for three days.",
}


class HexConverter(StringConverter):
    """A user's id as links carry it."""

    regex = "[0-9a-f]{32}"


register_converter(HexConverter, "hex")


def _public(route: str, view: LibraryView, name: str) -> URLPattern:
    def shown(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs)

    shown.public = name in PUBLIC_PAGES  # type: ignore[attr-defined] # a mark that the house rule reads
    return path(route, never_cache(shown), name=name)


def _own(route: str, view: LibraryView, name: str) -> URLPattern:
    """Return the address of a page on which a signed-in person changes how he signs in."""
    return path(route, never_cache(private(None)(view)), name=name)


def _sign_in_page() -> LibraryView:
    # Functions, which the template calls: addresses are known only once all of them are read.
    shown = {"regions": regions.offer_regions, "may_sign_up": sign_up.is_open}
    view: LibraryView = account.LoginView.as_view(extra_context=shown)
    return view


urlpatterns = [
    _public("login/", _sign_in_page(), "account_login"),
    _public("logout/", account.logout, "account_logout"),
    _public("inactive/", account.account_inactive, "account_inactive"),
    _public("moved/<slug:region>/", regions.show_moved, "account_moved"),
    _public("join/", joining.ask_to_join, "join_ask"),
    _public("join/asked/", joining.show_asked, "join_asked"),
    _public("join/<str:token>/", joining.join, "join"),
    _public("signup/", sign_up.sign_up, "account_signup"),
    _public("signup/asked/<str:token>/", sign_up.wait_for_letter, "signup_asked"),
    _public("signup/<str:token>/", sign_up.confirm, "signup_confirm"),
    _public("password/reset/", account.password_reset, "account_reset_password"),
    _public("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    _public(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    _public(
        "password/reset/key/<hex:uidb36>-<str:key>/",
        account.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    _own("password/change/", account.password_change, "account_change_password"),
    _own("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _own("2fa/", second_step.index, "mfa_index"),
    _public("2fa/authenticate/", second_step.authenticate, "mfa_authenticate"),
    _own("2fa/reauthenticate/", second_step.reauthenticate, "mfa_reauthenticate"),
    _own("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    _own("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _own("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _own(
        "2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"
    ),
    _own(
        "2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"
    ),
    _own("2fa/webauthn/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _own("2fa/webauthn/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    _public("2fa/webauthn/login/", passkeys.login_webauthn, "mfa_login_webauthn"),
    _own("2fa/webauthn/reauthenticate/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _own("2fa/webauthn/keys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    _own("2fa/webauthn/keys/<int:pk>/edit/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
]
