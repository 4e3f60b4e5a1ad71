"""The portal's outer gate: one transaction a request, bound to one account, and no text a database cannot hold."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import BadRequest
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from seatledger.domain.people.models import User
from seatledger.shared.boundary import LOOKS, SIGN_IN, bind_account

ACCOUNT_KEY = "account_id"
# Where someone is found before his account is known. A session that ended or another person's does not matter there.
DOOR_PATHS = (
    "/accounts/login/",
    "/accounts/password/reset/key/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
)

GetResponse = Callable[[HttpRequest], HttpResponse]


class CleanInput:
    """Refuse a request that carries a NUL, which PostgreSQL cannot store, before anything reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or _has_nul(request.GET.lists()) or _has_nul(request.POST.lists()):
            raise BadRequest("The request holds a NUL character. Remove it and send the request again.")
        return self.get_response(request)


class AccountBoundary:
    """Run each request in one transaction that sees one account's rows: the account of its session.

    The sign-in pages must find a user before an account is known; they may, and nothing else may.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stored = request.session.get(ACCOUNT_KEY)
        account_id = UUID(stored) if stored else None
        nobody = LOOKS if account_id is None else ""
        with transaction.atomic():
            bind_account(account_id, door=SIGN_IN if request.path_info.startswith(DOOR_PATHS) else nobody)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


@receiver(user_logged_in)
def remember_account(request: HttpRequest, user: User, **_: object) -> None:
    """Bind the session, and the rest of this request, to the account of who has just signed in."""
    request.session[ACCOUNT_KEY] = str(user.account_id)
    bind_account(user.account_id)


def _has_nul(lists: object) -> bool:
    pairs = list(lists)  # type: ignore[call-overload] # Django's stubs give QueryDict.lists() no item type
    return any("\x00" in key or any("\x00" in value for value in values) for key, values in pairs)
