"""Someone looks at pages that are another's: who that is, and the way back. A face's gate puts it on the request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Viewing:
    """`user` is the person as whom the pages are shown; nothing can be changed meanwhile."""

    user: Any
    until: datetime
    back_url: str


def viewing_of(request: HttpRequest) -> Viewing | None:
    """Return the viewing under which a request runs, if any."""
    found = getattr(request, "viewing", None)
    return found if isinstance(found, Viewing) else None
