"""The console's outer gate: staff see every account, everybody else sees nothing, and no customer's session counts here."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.sessions import StaffSessionStore, find_signed_in
from seatledger.faces.console import viewing
from seatledger.shared.boundary import bind_account, bind_staff

PREFIX = "/console/"
# Where a member of staff is found, or a session changed, while nobody is signed in.
DOOR_PATHS = (f"{PREFIX}sign-in/", f"{PREFIX}sign-out/", f"{PREFIX}set-up/")
# The browser sends it to the console alone.
COOKIE = "__Secure-console" if settings.SESSION_COOKIE_SECURE else f"console{settings.SEATLEDGER_COOKIES_END}"

GetResponse = Callable[[HttpRequest], HttpResponse]


class GuardedRequest(HttpRequest):
    """A request below /console/, with its session and who of the staff is signed in."""

    session: StaffSessionStore
    staff: StaffMember | None


class ConsoleBoundary:
    """Run each request in one transaction: as the staff's database role once a member of staff is known, else as nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: GuardedRequest) -> HttpResponse:
        with transaction.atomic():
            bind_staff()
            request.session = StaffSessionStore(request.COOKIES.get(COOKIE))
            request.staff = find_signed_in(request.session)
            if request.staff is not None and request.path_info.startswith(viewing.PREFIX):
                return _private(self._look(request, request.staff))
            if request.staff is None and not request.path_info.startswith(DOOR_PATHS):
                bind_account(None)
            response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
            else:
                bind_staff()
                _keep(request.session, response)
        return _private(response)

    def _look(self, request: HttpRequest, staff: StaffMember) -> HttpResponse:
        """Answer with a page of the portal, as a customer sees it."""
        refusal = viewing.enter_view(request, staff, at=timezone.now())
        if refusal is not None:
            return refusal
        with viewing.below_view(request):
            response = self.get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            transaction.set_rollback(True)
        return response


def _private(response: HttpResponse) -> HttpResponse:
    """Let nobody between keep a page of the console."""
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Cookie",))
    return response


def _keep(session: StaffSessionStore, response: HttpResponse) -> None:
    """Store the session when it changed, and tell the browser its key."""
    if not session.modified:
        return
    if session.is_empty():
        response.delete_cookie(COOKIE, path=PREFIX, samesite="Lax")
        return
    session.save()
    response.set_cookie(
        COOKIE,
        session.session_key or "",
        path=PREFIX,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
