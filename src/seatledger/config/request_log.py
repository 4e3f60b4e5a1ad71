"""Two lines in the log for each request, without what its address tells of a person."""

import re

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

# A link that chooses a password or joins an organisation works for whoever reads it first; some carry an address.
_SECRET = re.compile(r"(?<=/password/reset/key/)[^/]+")
_PLAIN_PART = re.compile(r"[A-Za-z0-9_.-]{0,40}")


class RequestLog(RequestMiddleware):
    """Logs when a request begins and how it ends."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the path, as they are logged. What was searched for stands behind the path."""
        return f"{request.method} {hide_secrets(request.path)}"


def hide_secrets(path: str) -> str:
    """Return a path with those parts hidden that are no plain names, numbers or ids."""
    parts = _SECRET.sub("***", path).split("/")
    return "/".join(part if part == "***" or _PLAIN_PART.fullmatch(part) else "***" for part in parts)


def forget_browser(*, log_kwargs: dict[str, object], **_signal: object) -> None:
    """Leave out of a line which browser somebody uses; with his address it would tell who he is."""
    log_kwargs.pop("user_agent", None)
