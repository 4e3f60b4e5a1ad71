"""The kinds of value in a rate file: each is read strictly, and says in one sentence what it wants."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from seatledger.engine.currencies import EXPONENTS, exponent_of
from seatledger.engine.money import read_fraction
from seatledger.engine.plans import Anchoring
from seatledger.shared.errors import Refused

_LONGEST_MESSAGE: Final = 300
_DAY: Final = re.compile(r"(19[7-9]\d|20\d\d|21\d\d)-\d\d-\d\d", re.ASCII)
_AMOUNT: Final = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_INSTANT: Final = re.compile(_DAY.pattern + r"T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class RateFileRefused(Refused):
    """A field of the file cannot be read, or contradicts another."""

    code = "rate_file_refused"

    def __init__(self, field: str, problem: str) -> None:
        printable = (character if character.isprintable() else "?" for character in f"{field}: {problem}")
        super().__init__("".join(printable)[:_LONGEST_MESSAGE])


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Say which field it is when the engine refuses a value."""
    try:
        yield
    except ValueError as error:
        raise RateFileRefused(field, str(error)) from None


class Fields(BaseModel):
    """A group of fields: unknown names are refused, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _read_amount(value: object) -> Fraction:
    if type(value) is int and value >= 0:
        value = str(value)
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError(
            'Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'
        )
    return read_fraction(value)


def _read_day(value: object) -> date:
    problem = "Write a day as YYYY-MM-DD, between 1970 and 2199."
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(problem)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(problem) from None


def _read_instant(value: object) -> datetime:
    problem = "Write an instant as YYYY-MM-DDTHH:MM:SS and its offset, such as 2026-03-01T09:00:00Z."
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError(problem)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(problem) from None


def _read_zone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError("Name a time zone of the tz database, such as Europe/London.")
    return ZoneInfo(value)


def _read_anchor(value: object) -> Anchoring | date:
    if isinstance(value, str) and value in set(Anchoring):
        return Anchoring(value)
    try:
        return _read_day(value)
    except ValueError:
        raise ValueError("Write anniversary, calendar, or a day as YYYY-MM-DD.") from None


def _require_currency(code: str) -> str:
    exponent_of(code)
    return code


def _text(**schema: str | list[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


Amount = Annotated[Fraction, PlainValidator(_read_amount), _text(pattern=f"^{_AMOUNT.pattern}$")]
Day = Annotated[date, PlainValidator(_read_day), _text(format="date")]
Instant = Annotated[datetime, PlainValidator(_read_instant), _text(format="date-time")]
Zone = Annotated[ZoneInfo, PlainValidator(_read_zone), _text(examples=["Europe/London"])]
Anchor = Annotated[
    Anchoring | date,
    PlainValidator(_read_anchor),
    WithJsonSchema(
        {"anyOf": [{"enum": [each.value for each in Anchoring]}, {"type": "string", "format": "date"}]}
    ),
]
Currency = Annotated[str, AfterValidator(_require_currency), WithJsonSchema({"enum": sorted(EXPONENTS)})]
Name = Annotated[str, Field(pattern=r"^[\w][\w .:/+@-]{0,99}$")]
Quantity = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Change = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
Times = Annotated[int, Field(strict=True, ge=1, le=1200)]
Flag = Annotated[bool, Field(strict=True)]
