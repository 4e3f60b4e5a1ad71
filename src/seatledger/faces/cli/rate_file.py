"""What `seatledger rate` reads: a contract as JSON, checked field by field."""

import json
from datetime import date
from typing import Any, BinaryIO, Final, NoReturn

from pydantic import ValidationError

from seatledger.domain.catalogue.price_values import FieldRefused, first_refusal
from seatledger.engine.contracts import Contract
from seatledger.faces.cli.rate_format import RateFile

LONGEST_BYTES: Final = 10_000_000


def read_rate_file(file: BinaryIO) -> tuple[Contract, date]:
    """Return the contract in `file`, and the day through which to bill it.

    Raises FieldRefused with one line that names the field.
    """
    content = file.read(LONGEST_BYTES + 1)
    if len(content) > LONGEST_BYTES:
        raise FieldRefused("file", "It is longer than 10 MB.")
    try:
        given = RateFile.model_validate(_parse(content))
    except ValidationError as error:
        raise first_refusal(error, whole="file") from None
    return given.to_contract(), given.bill_through


def describe_format() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RateFile.model_json_schema()}


def _parse(content: bytes) -> object:
    """Read JSON strictly: UTF-8, no name twice in one object, no NaN, no nesting without end."""
    try:
        return json.loads(
            content.decode(), object_pairs_hook=_refuse_a_name_twice, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        raise FieldRefused("file", "It is not UTF-8 text.") from None
    except RecursionError:
        raise FieldRefused("file", "It is nested too deeply.") from None
    except ValueError as error:
        raise FieldRefused("file", f"It is not JSON: {error}.") from None


def _refuse_a_name_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise FieldRefused(
            next(name for name in names if names.count(name) > 1), "It is given twice in one object."
        )
    return fields


def _refuse_constant(name: str) -> NoReturn:
    raise FieldRefused("file", f"{name} is not a number.")
