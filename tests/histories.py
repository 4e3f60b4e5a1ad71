"""Histories for tests of the import: lines of May 2026 for Northwind, and what an import makes of them."""

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import HistoryImported, HistoryRefused, NewPool, import_history
from seatledger.domain.licences.importing.rows import read_history
from seatledger.domain.licences.models import Assignment, Device, LedgerEntry
from seatledger.domain.notifications.models import Message
from seatledger.domain.people.models import RoleGrant, User
from support import SYSTEM, given_account, given_device_type, given_licence_type

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COLUMNS = [
    "at",
    "change",
    "email",
    "first_name",
    "last_name",
    "phone",
    "active",
    "roles",
    "licence",
    "device",
    "to_email",
    "to_licence",
    "source",
    "total",
    "expires_on",
    "reason",
]
BEN = {"email": "ben@northwind.example", "first_name": "Ben", "last_name": "Okoro"}
CLEO = {"email": "cleo@northwind.example", "first_name": "Cleo", "last_name": "Marsh"}


def given_northwind() -> Account:
    """Northwind, which holds three of most licences."""
    professional = given_licence_type("professional-user")
    types = [
        professional,
        given_licence_type("agent-user", needs=[professional], sync_source="pbx"),
        given_licence_type("reports-supervisor", exclusive_group="supervisor"),
        given_licence_type("insights-supervisor", exclusive_group="supervisor"),
        given_device_type("wallboard"),
    ]
    return given_account(pools=[NewPool(kind, 3) for kind in types])


def line(day: int, change: str, **values: str) -> dict[str, str]:
    """Return a line of a day of May 2026, at nine in the morning in UTC."""
    return {"at": f"2026-05-{day:02}T09:00:00Z", "change": change, **values}


def file_of(*lines: dict[str, str]) -> bytes:
    rows = [",".join(COLUMNS), *(",".join(one.get(column, "") for column in COLUMNS) for one in lines)]
    return "\n".join([*rows, ""]).encode()


def run(account: Account, *lines: dict[str, str], content: bytes = b"", **options: Any) -> HistoryImported:
    file = io.BytesIO(content or file_of(*lines))
    history = read_history(file, zone=ZoneInfo(account.time_zone))
    return import_history(account=account, file=history, at=NOW, by=SYSTEM, **options)


def errors_of(account: Account, *lines: dict[str, str], content: bytes = b"") -> list[tuple[int, str]]:
    """Return line and column of every error, having proved that nothing was changed."""
    before = state()
    with pytest.raises(HistoryRefused) as refused:
        run(account, *lines, content=content)
    assert state() == before
    return [(error.line, error.column) for error in refused.value.errors]


def message_of(account: Account, *lines: dict[str, str], content: bytes = b"") -> str:
    with pytest.raises(HistoryRefused) as refused:
        run(account, *lines, content=content)
    return refused.value.errors[0].message


def state() -> list[int]:
    return [
        model.objects.count() for model in (User, RoleGrant, Device, Assignment, LedgerEntry, Event, Message)
    ]
