"""The kinds of value in a rate file that no price has: instants, zones, currencies and changes of a number."""

import re
from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from seatledger.domain.catalogue.price_values import DAY
from seatledger.engine.currencies import EXPONENTS, exponent_of
from seatledger.shared.zones import zone_names

_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_INSTANT: Final = re.compile(rf"{DAY.pattern}T{_TIME}:[0-5][0-9](\.[0-9]{{1,6}})?(Z|[+-]{_TIME})")


def _read_instant(value: object) -> datetime:
    problem = "Write an instant as YYYY-MM-DDTHH:MM:SS and its offset, such as 2026-03-01T09:00:00Z."
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError(problem)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(problem) from None


def _read_zone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or value not in zone_names():
        raise ValueError("Name a time zone of the tz database, such as Europe/London.")
    return ZoneInfo(value)


def _require_currency(code: str) -> str:
    exponent_of(code)
    return code


def _text(**schema: str | list[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


Instant = Annotated[
    datetime, PlainValidator(_read_instant), _text(format="date-time", pattern=f"^{_INSTANT.pattern}$")
]
Zone = Annotated[
    ZoneInfo, PlainValidator(_read_zone), _text(examples=["Europe/London"], pattern="^[A-Z][A-Za-z0-9_/+-]*$")
]
Currency = Annotated[str, AfterValidator(_require_currency), WithJsonSchema({"enum": sorted(EXPONENTS)})]
Change = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
