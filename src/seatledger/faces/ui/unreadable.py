"""What is answered to a request that cannot be read."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request


def answer_unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to a form that is longer than one is taken, and 400 to all else that is malformed."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return bad_request(request, exception)
