"""Each request goes through the outer gate of the face it asks for, and through no other's."""

from collections.abc import Callable
from typing import cast

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from seatledger.faces.console.boundary import PREFIX, ConsoleBoundary, GuardedRequest
from seatledger.faces.console.viewing import is_read_only_error, refuse_view
from seatledger.faces.portal.boundary import AccountBoundary
from seatledger.faces.ui.viewing import viewing_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class Boundaries:
    """Below /console/ the session of a member of staff counts, elsewhere a customer's; neither is read by the other."""

    def __init__(self, get_response: GetResponse) -> None:
        self.console = ConsoleBoundary(get_response)
        self.portal = SessionMiddleware(AccountBoundary(get_response))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            return self.console(cast("GuardedRequest", request))
        return cast("HttpResponse", self.portal(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer where the database refused to write while someone only looks."""
        if viewing_of(request) and is_read_only_error(exception):
            transaction.set_rollback(True)
            return refuse_view()
        return None
