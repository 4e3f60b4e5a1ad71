"""What machines ask a process: whether it lives, whether it can serve, and what it has measured.

They ask by any host name, often without TLS, and every few seconds: so they are answered before anything else looks at
the request, and leave no line in the log.
"""

from collections.abc import Callable
from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from seatledger.config.health import health
from seatledger.config.metrics import write_metrics

PLAIN = "text/plain"
_ready_once: list[bool] = []


def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this version can serve: the database answers, and its tables are at least as new as we are."""
    try:
        if not _ready_once:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                words = "the tables are older than this version; run `seatledger migrate`\n"
                return HttpResponse(words, status=503, content_type=PLAIN)
            _ready_once.append(True)  # tables never become older
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=PLAIN)
    return health(_request)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer what was measured to whoever has the token; without one in the settings there is no such page."""
    token = settings.SEATLEDGER_METRICS_TOKEN
    if not token:
        return HttpResponse(status=404)
    if not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return HttpResponse(
            "say `Authorization: Bearer TOKEN`\n",
            status=401,
            content_type=PLAIN,
            headers={"WWW-Authenticate": "Bearer"},
        )
    content, kind = write_metrics()
    return HttpResponse(content, content_type=kind)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health": health,
    "/ready": ready,
    "/metrics": metrics,
}


class Probes:
    """Answers machines; stands before all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return probe(request)
