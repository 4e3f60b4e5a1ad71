"""Each request goes through the outer gate of the face it asks for, and through no other's."""

from collections.abc import Callable
from typing import cast

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from seatledger.faces.console.boundary import PREFIX, ConsoleBoundary, GuardedRequest
from seatledger.faces.portal.boundary import AccountBoundary

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
