"""Which parameters a request may carry. Others are refused as Stripe refuses them, so that a typo shows."""

from typing import Any

from stripe_server.problems import unfit

KINDS = ("text", "integer", "bool", "map", "list", "bool_or_text")


class Parameters:
    """Declared as `"amount! integer"`: name, `!` when it has to be there, kind."""

    def __init__(self, *declared: str) -> None:
        self.kinds: dict[str, str] = {"expand": "list"}
        self.required: list[str] = []
        for one in declared:
            name, _, kind = one.partition(" ")
            bare = name.removesuffix("!")
            assert (kind or "text") in KINDS, one
            self.kinds[bare] = kind or "text"
            if bare != name:
                self.required.append(bare)

    def check(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters with their types."""
        unknown = [name for name in given if name not in self.kinds]
        if unknown:
            names = ", ".join(unknown)
            noun = "parameter" if len(unknown) == 1 else "parameters"
            raise unfit(f"Received unknown {noun}: {names}", param=unknown[0], code="parameter_unknown")
        for name in self.required:
            if given.get(name) in (None, ""):
                raise unfit(f"Missing required param: {name}.", param=name, code="parameter_missing")
        return {name: read(name, self.kinds[name], value) for name, value in given.items()}


def read(name: str, kind: str, value: Any) -> Any:
    if kind == "integer":
        return read_integer(name, value)
    if kind == "bool" or (kind == "bool_or_text" and value in {"true", "false"}):
        if value not in {"true", "false"}:
            raise unfit(f"Invalid boolean: {value}", param=name)
        return value == "true"
    if kind == "map":
        return read_map(name, value)
    if kind == "list":
        if not isinstance(value, list):
            raise unfit("Invalid array", param=name)
        return value
    if not isinstance(value, str):
        raise unfit("Invalid string", param=name)
    return value


def read_integer(name: str, value: Any) -> int:
    if not isinstance(value, str) or not value.lstrip("-").isdigit():
        raise unfit(f"Invalid integer: {value}", param=name, code="parameter_invalid_integer")
    return int(value)


def read_map(name: str, value: Any) -> dict[str, Any]:
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise unfit("Invalid object", param=name)
    return value
