"""What is answered to a request that cannot be read."""

from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import bad_request

MOST_BYTES: Final = 32_000_000
_AT_ONCE: Final = 65_536


def answer_unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to a form that is longer than one is taken, and 400 to all else that is malformed."""
    if isinstance(exception, RequestDataTooBig):
        _pass_over(request)
        return HttpResponse(render_to_string("413.html"), status=413)
    return bad_request(request, exception)


def _pass_over(request: HttpRequest) -> None:
    """Read what is still on its way: a browser that is answered before it has sent all shows a broken connection."""
    left = MOST_BYTES
    try:
        while left > 0 and (part := request.read(_AT_ONCE)):
            left -= len(part)
    except UnreadablePostError:
        return
