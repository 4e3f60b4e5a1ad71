"""What is measured: requests by every web process together, and the gauges of the rooms when somebody asks."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from seatledger.config.metrics_folder import make_folder
from seatledger.shared.boundary import bind_staff
from seatledger.shared.gauges import Gauge, all_gauges

log = structlog.get_logger(__name__)
# Nobody waits longer for a figure; one that takes its time is left out and counted as failed.
LONGEST_READING = "2s"
# The settings have named it: the library decides on import whether processes add up.
make_folder(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))

REQUESTS = Counter(
    "seatledger_requests", "Requests by page, method and status.", ["page", "method", "status"], registry=None
)
SECONDS = Histogram(
    "seatledger_request_seconds",
    "How long requests took.",
    ["page"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)


class MeasureRequests:
    """Counts requests and how long they took, by the name of the page and never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else "none"
        method = (
            request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
        )
        REQUESTS.labels(page or "unnamed", method, response.status_code).inc()
        SECONDS.labels(page or "unnamed").observe(time.perf_counter() - started)
        return response


class RoomsCollector:
    """Reads the gauges, each in a transaction of its own: one that fails is left out and counted."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        failed = 0
        for gauge in all_gauges():
            family = GaugeMetricFamily(gauge.name, gauge.words, labels=gauge.labels)
            try:
                for values, figure in self.read(gauge):
                    family.add_metric(values, figure)
            except DatabaseError:
                log.exception("gauge_not_read", gauge=gauge.name)
                failed += 1
            else:
                yield family
        yield GaugeMetricFamily(
            "seatledger_gauges_failed", "Gauges that could not be read just now.", value=failed
        )

    def read(self, gauge: Gauge) -> list[tuple[tuple[str, ...], float]]:
        with transaction.atomic():
            bind_staff()
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_READING}'")
            return list(gauge.read())


def write_metrics() -> tuple[bytes, str]:
    """Return everything measured, in Prometheus' text format, and its content type."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library has no types here
    registry.register(RoomsCollector())
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4
