"""The reader's choice of light, dark or the system's own theme, kept in a cookie."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from seatledger.faces.ui.marks import public

COOKIE: Final = "seatledger_theme"
THEMES: Final = ("system", "light", "dark")
A_YEAR_S: Final = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest | None) -> str:
    """Return the theme the reader chose: `system`, `light` or `dark`."""
    chosen = request.COOKIES.get(COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else "system"


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the chosen theme and return to the page the reader came from."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(_page_to_return_to(request))
    if chosen in THEMES:
        response.set_cookie(
            COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
        )
    return response


def _page_to_return_to(request: HttpRequest) -> str:
    referrer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referrer if safe else "/"
