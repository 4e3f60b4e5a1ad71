"""The way Stripe's libraries write nested parameters into a form: `metadata[order]=1`, `expand[0]=customer`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe_server.problems import unfit

_PARTS = re.compile(r"\[([^\]]*)\]")


def read_form(text: str) -> dict[str, Any]:
    """Return the parameters as nested dicts and lists of texts."""
    read: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, bracket, _ = name.partition("[")
        parts = _PARTS.findall(name[len(head) :]) if bracket else []
        place(read, [head, *parts], value)
    return {name: lists_of(value) for name, value in read.items()}


def place(read: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        step = read.setdefault(part, {})
        if not isinstance(step, dict):
            raise unfit(f"Invalid object: {path[0]}", param=path[0])
        read = step
    read[path[-1] or str(len(read))] = value


def lists_of(value: Any) -> Any:
    """Return dicts whose names are 0, 1, 2 as lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: lists_of(part) for name, part in value.items()}
    if inner and list(inner) == [str(number) for number in range(len(inner))]:
        return list(inner.values())
    return inner
