"""The kinds of value in a price: each is read strictly, and says in one sentence what it wants."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic.config import JsonDict

from seatledger.engine.money import read_fraction
from seatledger.engine.plans import Anchoring
from seatledger.shared.errors import Refused

_LONGEST_MESSAGE: Final = 300
_MOST_DIGITS: Final = 12
# Written so that they mean the same in the JSON Schema, whoever reads it: some take \d for any alphabet's digits.
DAY: Final = re.compile(r"(19[7-9][0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


# In our words, where the validator speaks of its own types.
_PROBLEMS: Final = {
    "model_type": "Write an object.",
    "tuple_type": "Write a list.",
    "string_unicode": "It holds half a character.",
    "string_pattern_mismatch": (
        "Begin with a letter or a digit; then these, spaces and . : / + @ - _ may follow, up to 100 in all."
    ),
}


class FieldRefused(Refused):
    """A field cannot be read, or contradicts another."""

    code = "field_refused"

    def __init__(self, field: str, problem: str) -> None:
        printable = (character if character.isprintable() else "?" for character in f"{field}: {problem}")
        super().__init__("".join(printable)[:_LONGEST_MESSAGE])
        self.field = field
        self.problem = problem


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Say which field it is when the engine refuses a value."""
    try:
        yield
    except ValueError as error:
        raise FieldRefused(field, str(error)) from None


def first_refusal(error: ValidationError, *, whole: str) -> FieldRefused:
    """Return the first thing that is wrong; `whole` is what it is called where no single field is to blame."""
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in problem["loc"]) or whole
    words = _PROBLEMS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return FieldRefused(field, words)


def given_in_schema(*fields: str) -> JsonDict:
    """Return the JSON Schema of an object that has each of `fields`, and not as null."""
    return {
        "required": list(fields),
        "properties": {field: {"not": {"type": "null"}} for field in fields},
    }


class Fields(BaseModel):
    """A group of fields: unknown names are refused, and nothing changes after reading."""

    # What checks them is built when the first is read: most commands read none, and none has to wait for it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _read_amount(value: object) -> Fraction:
    if type(value) is int and value >= 0:
        value = str(value)
    # TOML has exact numbers, which JSON has not. One of a thousand digits is not even written out.
    if type(value) is Decimal and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        value = f"{value:f}"
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError(
            'Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'
        )
    return read_fraction(value)


def amount_to_decimal(amount: Fraction) -> Decimal:
    """Return an amount that was read as the decimal number that it is, exactly."""
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def _amount_to_text(amount: Fraction) -> str:
    return f"{amount_to_decimal(amount):f}"


def read_day(value: object) -> date:
    """Return the day. Raises ValueError with a sentence that says how to write one."""
    problem = "Write a day as YYYY-MM-DD, between 1970 and 2199."
    if type(value) is date:  # TOML has days of its own
        value = value.isoformat()
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(problem)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(problem) from None


def _read_anchor(value: object) -> Anchoring | date:
    if isinstance(value, str) and value in set(Anchoring):
        return Anchoring(value)
    try:
        return read_day(value)
    except ValueError:
        raise ValueError("Write anniversary, calendar, or a day as YYYY-MM-DD.") from None


_DAY_SCHEMA: Final = {"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"}

Amount = Annotated[
    Fraction,
    PlainValidator(_read_amount),
    PlainSerializer(_amount_to_text, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_AMOUNT.pattern}$"},
                {"type": "integer", "minimum": 0, "maximum": 10**_MOST_DIGITS - 1},
            ]
        }
    ),
]
Day = Annotated[
    date,
    PlainValidator(read_day),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema(_DAY_SCHEMA),
]
Anchor = Annotated[
    Anchoring | date,
    PlainValidator(_read_anchor),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"anyOf": [{"enum": [each.value for each in Anchoring]}, _DAY_SCHEMA]}),
]
Name = Annotated[str, Field(pattern=r"^[\w][\w .:/+@-]{0,99}$")]
Quantity = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Times = Annotated[int, Field(strict=True, ge=1, le=1200)]
Flag = Annotated[bool, Field(strict=True)]
