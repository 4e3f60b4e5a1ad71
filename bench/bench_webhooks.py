"""10,000 webhooks for a receiver that is dead: pages stay as quick as ever; once it is back, all of them are sent.

The receiver takes connections and never answers, the dearest way to be dead; the worker is the real one, a process of its own.
"""

import os
import subprocess
import sys
import time
from socket import socket
from urllib.parse import quote, urlencode

from bench_users_page import page, session_cookie
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from large import large_account
from measuring import hold, own_database, quartiles_ms, run_sql, show

from hooks import given_endpoint
from receiving import receiver
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint

WAITING = 10_000
MOST_TIMES = 1.10
LONGEST_MINUTES = 15
ROUNDS = 40
TURNS = 4


def start_worker() -> "subprocess.Popen[bytes]":
    known = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    parts = {name: known[key] for name, key in names.items() if known[key]}
    variables = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"postgresql:///?{urlencode(parts, quote_via=quote)}",
        "SEATLEDGER_DATABASE_ROLE": "staff",
        "SEATLEDGER_SECRET_KEY": settings.SECRET_KEY,
        "SEATLEDGER_STATE": str(settings.SEATLEDGER_STATE),
    }
    return subprocess.Popen([sys.executable, "-m", "seatledger.faces.cli.main", "worker"], env=variables)


def queue_deliveries(endpoint: WebhookEndpoint, number: int) -> None:
    now = timezone.now()
    body = '{"type":"webhook.test","timestamp":"2026-11-22T03:00:00.000Z","data":{"facts":{}}}'
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                account_id=endpoint.account_id,
                endpoint=endpoint,
                event_type="webhook.test",
                body=body,
                queued_at=now,
                asked_at=now,
                next_at=now,
            )
            for _ in range(number)
        ],
        batch_size=1_000,
    )


def wake(endpoint: WebhookEndpoint) -> None:
    from seatledger.faces.jobs.webhooks import start_sending  # noqa: PLC0415 -- after Django is ready

    start_sending(endpoint.pk)


def waiting() -> int:
    return WebhookDelivery.objects.filter(next_at__isnull=False).count()


def main() -> None:
    account = large_account("Hooks", users=1_000)
    ask = page(WSGIHandler(), reverse("portal:users"), session_cookie(account))
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint, _ = given_endpoint(account, f"http://127.0.0.1:{port}/hooks")
    worker = start_worker()
    try:
        usual, dead = [], []
        with receiver(port=port) as ours:
            ours.behave = lambda _handler: time.sleep(60)
            for _ in range(TURNS):  # in turn, so that whatever else the machine does hits both alike
                run_sql("TRUNCATE notifications_webhookattempt, notifications_webhookdelivery")
                WebhookEndpoint.objects.update(failures=0, failing_since=None, probe_at=None)
                usual += quartiles_ms(ask, rounds=ROUNDS)
                queue_deliveries(endpoint, WAITING)
                wake(endpoint)
                time.sleep(1)
                dead += quartiles_ms(ask, rounds=ROUNDS)
            assert waiting() == WAITING
        usual_ms, dead_ms = min(usual), min(dead)
        show("the Users page, nothing waiting", usual_ms)
        show(f"the Users page, {WAITING} waiting for a dead receiver", dead_ms)
        hold("pages with a dead receiver / as usual", dead_ms / usual_ms, MOST_TIMES)
        began = time.monotonic()
        with receiver(port=port):
            while waiting() and time.monotonic() - began < LONGEST_MINUTES * 60:
                time.sleep(0.5)
        assert WebhookDelivery.objects.filter(delivered_at__isnull=False).count() == WAITING
        hold(
            "minutes until all are delivered once it is back",
            (time.monotonic() - began) / 60,
            LONGEST_MINUTES,
            "min",
        )
    finally:
        worker.terminate()
        worker.wait(timeout=60)


if __name__ == "__main__":
    with own_database():
        main()
