"""From which devices people sign in: a random key in the browser, so that a sign-in from another one is told."""

import re
from secrets import token_urlsafe
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.people.actions import DEVICE_IS_REMEMBERED, note_sign_in
from seatledger.domain.people.models import User

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# The first that is found counts: Edge also says Chrome, and Chrome also says Safari.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def cookie_name() -> str:
    """Return what the key is kept under; in production no other host can set it."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Note that a user has signed in from this browser, and let it keep its key."""
    kept = request.COOKIES.get(cookie_name(), "")
    key = kept if _KEY.fullmatch(kept) else token_urlsafe(32)
    label = describe_device(request.headers.get("User-Agent", ""))
    note_sign_in(user=user, key=key, label=label, at=timezone.now(), by=Actor.user(user.pk))
    response.set_cookie(
        cookie_name(),
        key,
        max_age=DEVICE_IS_REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def describe_device(user_agent: str) -> str:
    """Return what kind of device a browser says it is: `Firefox on Linux`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
