"""What machines ask: by any name, without TLS and without a session; and what they are told."""

import re
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from seatledger.config import probes
from seatledger.config.metrics_folder import make_folder, mark_of, shared_folder
from seatledger.shared.gauges import Gauge, _gauges, measure, one

TOKEN = "t" * 32
pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(settings) -> Client:
    """Ask as a machine does: by a name that is no host of ours."""
    settings.ALLOWED_HOSTS = ["licences.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SEATLEDGER_METRICS_TOKEN = TOKEN
    return Client(SERVER_NAME="10.0.0.7")


@pytest.fixture
def not_yet_ready(monkeypatch) -> None:
    monkeypatch.setattr(probes, "_ready_once", [])


def figures(asking: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = asking.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_process_that_can_serve_says_so_to_any_name(asking, path):
    answer = asking.get(path)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert asking.post(path).status_code == 405


def test_pages_still_look_at_the_name(asking):
    assert asking.get("/accounts/login/").status_code in {301, 400}


def test_a_version_whose_tables_are_not_there_yet_is_not_ready(asking, not_yet_ready):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cell'")
    answer = asking.get("/ready")
    assert (answer.status_code, answer.content) == (
        503,
        b"the tables are older than this version; run `seatledger migrate`\n",
    )
    assert asking.get("/health").status_code == 200


def test_an_old_version_on_newer_tables_is_ready(asking, not_yet_ready):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cell', '0999_later', now())"
        )
    assert asking.get("/ready").status_code == 200


def test_there_are_no_metrics_without_a_token_in_the_settings(asking, settings):
    settings.SEATLEDGER_METRICS_TOKEN = ""
    assert asking.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "said", [None, "", "Bearer ", "Bearer " + "u" * 32, TOKEN, "Basic " + TOKEN, "Bearer ü"]
)
def test_metrics_are_for_who_has_the_token(asking, said):
    headers = {} if said is None else {"Authorization": said}
    answer = asking.get("/metrics", headers=headers)
    assert (answer.status_code, b"seatledger_" in answer.content) == (401, False)


def test_requests_are_counted_by_the_name_of_the_page(asking, settings):
    settings.SECURE_SSL_REDIRECT = False
    before = figures(asking)
    visitor = Client(SERVER_NAME="licences.example.com")
    visitor.get("/accounts/login/?next=/secret-address")
    visitor.get("/no-such-page")
    after = figures(asking)
    page = ("seatledger_requests_total", (("method", "GET"), ("page", "account_login"), ("status", "200")))
    nothing = ("seatledger_requests_total", (("method", "GET"), ("page", "none"), ("status", "404")))
    for key in (page, nothing):
        assert after[key] - before.get(key, 0) == 1
    took = ("seatledger_request_seconds_count", (("page", "account_login"),))
    assert after[took] - before.get(took, 0) == 1
    assert not [key for key in after if "secret-address" in repr(key)]


def test_the_queues_are_measured(asking):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('delivery', 'x') RETURNING id"
        )
        [(job,)] = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '90 s' WHERE job_id = %s", [job]
        )
    found = figures(asking)
    assert found["seatledger_jobs", (("queue", "delivery"), ("state", "todo"))] == 1
    assert found["seatledger_jobs_oldest_waiting_seconds", (("queue", "delivery"),)] == pytest.approx(
        90, abs=5
    )
    assert found["seatledger_workers", ()] == 1
    assert found["seatledger_quiet", ()] == 0
    assert found["seatledger_payments_unknown", ()] == 0
    assert found["seatledger_billing_parked_accounts", ()] == 0
    assert found["seatledger_gauges_failed", ()] == 0


@pytest.fixture
def another_gauge() -> Iterator[None]:
    def fail() -> list[tuple[tuple[str, ...], float]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    measure(
        Gauge("seatledger_test_rows", "Rows.", lambda: one(7)), Gauge("seatledger_test_broken", "No.", fail)
    )
    yield
    del _gauges["seatledger_test_rows"], _gauges["seatledger_test_broken"]


def test_a_room_adds_a_gauge_and_one_that_fails_spoils_no_other(asking, another_gauge):
    found = figures(asking)
    assert found["seatledger_test_rows", ()] == 7
    assert found["seatledger_gauges_failed", ()] == 1
    assert ("seatledger_test_broken", ()) not in found


def test_a_slow_gauge_is_cut_off(asking, monkeypatch):
    def wait() -> list[tuple[tuple[str, ...], float]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(600)")
        return []

    monkeypatch.setitem(_gauges, "seatledger_test_slow", Gauge("seatledger_test_slow", "Slow.", wait))
    started = time.monotonic()
    assert figures(asking)["seatledger_gauges_failed", ()] == 1
    assert time.monotonic() - started < 300


def test_every_gauge_is_named_as_prometheus_wants(asking):
    names = [gauge.name for gauge in _gauges.values()]
    assert {"seatledger_jobs", "seatledger_billing_last_success_timestamp_seconds"} <= set(names)
    assert [name for name in names if not re.fullmatch(r"seatledger(_[a-z]+)+", name)] == []


def test_what_a_web_server_that_is_gone_has_counted_is_removed(tmp_path):
    ours = shared_folder(tmp_path)
    make_folder(ours)
    gone = ours.with_name(f"{ours.name.rsplit('.', 1)[0]}.1-0")
    elsewhere = ours.with_name("other-host.1-0")
    for folder in (gone, elsewhere):
        folder.mkdir()
    make_folder(shared_folder(tmp_path))
    assert {folder.name for folder in ours.parent.iterdir()} == {ours.name, elsewhere.name}
    assert mark_of(1) != mark_of(2)
