"""The log: one JSON object a line, with the request's id, and nothing that tells of a person."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from logged import everything_logged
from seatledger.config.request_log import hide_secrets


@pytest.fixture
def log() -> Iterator[StringIO]:
    with everything_logged() as written:
        yield written


def lines(log: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_has_an_id_and_no_person(log, client):
    client.get(
        "/accounts/login/?email=ann@example.com&q=Ann+Lee",
        headers={"User-Agent": "Firefox"},
        REMOTE_ADDR="203.0.113.9",
    )
    found = [line for line in lines(log) if line["logger"].startswith("django_structlog")]
    assert [line["event"] for line in found][:1] == ["request_started"]
    assert {line["request"] for line in found} == {"GET /accounts/login/"}
    assert len({line["request_id"] for line in found}) == 1
    assert {"ip", "user_agent"} & found[0].keys() == set()
    for personal in ("ann", "Lee", "203.0.113.9", "Firefox"):
        assert personal not in log.getvalue()


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (
            "/users/0197f1b2-7d0e-7a3c-9c55-0123456789ab/roles",
            "/users/0197f1b2-7d0e-7a3c-9c55-0123456789ab/roles",
        ),
        ("/accounts/password/reset/key/abc-d4e5/", "/accounts/password/reset/key/***/"),
        ("/join/eyJhbGciOiJIUzI1NiJ9:1abcde:xYz_-0123456789/", "/join/***/"),
        ("/users/ann@example.com", "/users/***"),
        ("/find/Ann Lee", "/find/***"),
        ("/", "/"),
    ],
)
def test_a_path_keeps_names_and_ids_alone(path, logged):
    assert hide_secrets(path) == logged


def test_mail_addresses_are_hidden_wherever_they_stand(log):
    logging.getLogger("procrastinate").warning("Job send(email='ann.lee+x@example.co.uk') failed")
    structlog.get_logger("seatledger.x").warning("odd", said="Key (email)=(bob@example.com) already exists")
    try:
        int("cleo@example.com")
    except ValueError:
        logging.getLogger("seatledger.x").exception("crash")
    first, *_, last = lines(log)
    assert first["event"] == "Job send(email='***@***') failed"
    assert str(last["exception"]).endswith("invalid literal for int() with base 10: '***@***'")
    assert "@example" not in log.getvalue()
