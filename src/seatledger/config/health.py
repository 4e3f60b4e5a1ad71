"""The page a supervisor or a load balancer asks whether this process can serve."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from seatledger.faces.ui.marks import public
from seatledger.shared.quiet import find_quiet


@public
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503; a quiet installation says that it is."""
    try:
        quiet = find_quiet()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    words = f"ok, but quiet since {quiet.since:%Y-%m-%dT%H:%M:%SZ}\n" if quiet else "ok\n"
    return HttpResponse(words, content_type="text/plain")
