"""How pages look: a provider's brand where its customers read them, the vendor's own everywhere else.

A style sheet is named by its two colours and a logo by its content, so both may be kept for ever.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.colours import DARK, LIGHT, UnfitColour, check_accent, shades_of
from seatledger.domain.accounts.doors import find_brand_at, find_logo
from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.accounts.queries import find_look

COOKIE: Final = "brand"
_COOKIE_LASTS_S: Final = 365 * 86_400
_FOR_EVER: Final = "public, max-age=31536000, immutable"
VENDOR: Final = "Seatledger"


@dataclass(frozen=True)
class PageLook:
    """What a brand gives to the shell of a page."""

    brand: str = VENDOR
    logo_url: str = ""
    style_url: str = ""
    is_providers: bool = False


def look_of(account: Account) -> PageLook:
    """Return what the shell of an account's pages is given: its provider's brand."""
    return _page_look(find_look(account))


def look_of_door(request: HttpRequest) -> PageLook:
    """Return the same for who has not signed in: the brand by whose address the browser came."""
    return _page_look(find_brand_at(request.COOKIES.get(COOKIE, "")[:40]))


def style_url_of(light: str, dark: str, *, name: str = "style") -> str:
    """Return the address of the style sheet of two accents; empty where there is none."""
    return reverse(f"looks:{name}", args=[light[1:], dark[1:]]) if light and dark else ""


def logo_url_of(brand: Brand) -> str:
    """Return the address of a brand's logo; empty where it has none."""
    return reverse("looks:logo", args=[brand.account_id, brand.logo_digest]) if brand.logo_digest else ""


def _page_look(brand: Brand | None) -> PageLook:
    if brand is None:
        return PageLook()
    style = style_url_of(brand.accent_on_light, brand.accent_on_dark)
    return PageLook(brand.name or VENDOR, logo_url_of(brand), style, is_providers=True)


@require_GET
def send_style(request: HttpRequest, light: str, dark: str, *, selector: str) -> HttpResponse:
    """Send the style sheet of two accents, which only colours that can be read have."""
    del request
    try:
        on_light = shades_of(check_accent(f"#{light}", LIGHT), LIGHT)
        on_dark = shades_of(check_accent(f"#{dark}", DARK), DARK)
    except UnfitColour as refusal:
        raise Http404(str(refusal)) from refusal
    lines = [f"  --{name}: light-dark({on_light[name]}, {on_dark[name]});" for name in on_light]
    sheet = "\n".join([f"{selector} {{", *lines, "}", ""])
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": _FOR_EVER})


@require_GET
def send_logo(request: HttpRequest, account_id: UUID, digest: str) -> HttpResponse:
    """Send a logo: always a PNG of our own making."""
    del request
    logo = find_logo(account_id, digest)
    if logo is None:
        raise Http404("There is no such logo.")
    return HttpResponse(logo, content_type="image/png", headers={"Cache-Control": _FOR_EVER})


@require_GET
def enter(request: HttpRequest, address: str, rest: str = "accounts/login/") -> HttpResponse:
    """Lead on to a page below /accounts/, which has the brand of this address from now on."""
    if find_brand_at(address) is None or not rest.startswith("accounts/"):
        raise Http404("Nobody signs in here.")
    answer = redirect(f"/{rest}")
    answer.set_cookie(
        COOKIE,
        address,
        max_age=_COOKIE_LASTS_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


# Anybody may ask for these: they say what the pages for signing in show to everybody.
for _view in (send_style, send_logo, enter):
    _view.public = True  # type: ignore[union-attr] # a mark that the house rule reads

app_name = "looks"
urlpatterns = [
    path("brand/<slug:light>-<slug:dark>.css", send_style, {"selector": ":root"}, name="style"),
    path(
        "brand/preview/<slug:light>-<slug:dark>.css",
        send_style,
        {"selector": ".brand-preview"},
        name="preview",
    ),
    path("brand/<uuid:account_id>/<slug:digest>.png", send_logo, name="logo"),
    path("at/<slug:address>/", enter, name="at"),
    path("at/<slug:address>/<path:rest>", enter, name="at_page"),
]
