"""Take values out of a TOML table one by one, each checked, until nothing is left over."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from django.db.models import TextChoices

from seatledger.shared.errors import Refused

Choice = TypeVar("Choice", bound=TextChoices)

LONGEST_KEY = 64
LONGEST_NAME = 100
LARGEST_NUMBER = 10_000_000
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CatalogueFileRefused(Refused):
    """The catalogue file says something that cannot be meant."""

    code = "catalogue_file_refused"


@dataclass
class Table:
    """One table of the file. `place` says where it stands; `used` is what has been taken out of it.

    `refusal` is how the file is refused: catalogues are not the only files that are read so.
    """

    place: str
    values: Mapping[str, object]
    refusal: type[Refused] = CatalogueFileRefused
    used: set[str] = field(default_factory=set)

    def refuse(self, key: str, what: str) -> Refused:
        """Return the refusal that names the place, the key and what is wrong."""
        return self.refusal(f"{self.place}: {key} {what}.")

    def has(self, key: str) -> bool:
        return key in self.values

    def take(self, key: str) -> object:
        """Return a value that must be there."""
        if key not in self.values:
            raise self.refuse(key, "is missing")
        self.used.add(key)
        return self.values[key]

    def end(self) -> None:
        """Refuse whatever nobody has taken."""
        if left := sorted(set(self.values) - self.used):
            raise self.refuse(left[0], "is not known here")

    def text(self, key: str, *, longest: int = LONGEST_NAME, default: str | None = None) -> str:
        if default is not None and not self.has(key):
            return default
        return self._checked_text(key, self.take(key), longest)

    def key(self, name: str, *, default: str | None = None) -> str:
        """Return a key: lower-case letters, digits and single hyphens."""
        if default is not None and not self.has(name):
            return default
        return self._checked_key(name, self.take(name))

    def number(self, key: str, *, default: int | None, largest: int = LARGEST_NUMBER) -> int | None:
        """Return a whole number from 0 to `largest`; `default` where the key is absent."""
        if not self.has(key):
            return default
        value = self.take(key)
        if type(value) is not int or not 0 <= value <= largest:
            raise self.refuse(key, f"must be a whole number from 0 to {largest}")
        return value

    def rest(self) -> dict[str, object]:
        """Return whatever nobody has taken, to be read elsewhere."""
        left = {key: value for key, value in self.values.items() if key not in self.used}
        self.used |= set(left)
        return left

    def choice(self, key: str, choices: type[Choice], *, default: Choice | None = None) -> Choice:
        if default is not None and not self.has(key):
            return default
        value = self.take(key)
        known = [choice for choice in choices if choice.value]
        for choice in known:
            if value == choice.value:
                return choice
        raise self.refuse(key, f"must be one of {', '.join(choice.value for choice in known)}")

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._checked_text(key, each, LONGEST_NAME) for each in self._list(key))

    def keys(self, key: str) -> tuple[str, ...]:
        return tuple(self._checked_key(key, each) for each in self._list(key))

    def words(self, key: str) -> dict[str, str]:
        """Return an inline table of texts."""
        value = self.take(key) if self.has(key) else {}
        if not isinstance(value, dict):
            raise self.refuse(key, "must be a table of texts")
        return {
            self._checked_text(key, word, LONGEST_NAME): self._checked_text(key, text, LONGEST_NAME)
            for word, text in value.items()
        }

    def table(self, key: str) -> "Table":
        value = self.take(key)
        if not isinstance(value, dict):
            raise self.refuse(key, "must be a table")
        return Table(key, value, self.refusal)

    def tables(self, key: str, *, called: str) -> Iterator["Table"]:
        """Yield the tables of an array, each placed by its number and, where it has one, its key."""
        value = self.take(key) if self.has(key) else []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.refuse(key, f"must be an array of tables, [[{key}]]")
        above = f"{self.place}, " if self.place != FILE else ""
        for number, each in enumerate(value, start=1):
            named = f" ({each['key']})" if isinstance(each.get("key"), str) else ""
            yield Table(f"{above}{called} {number}{named}", each, self.refusal)

    def _list(self, key: str) -> list[object]:
        value = self.take(key) if self.has(key) else []
        if not isinstance(value, list):
            raise self.refuse(key, "must be a list of texts")
        if len({str(each) for each in value}) != len(value):
            raise self.refuse(key, "names something twice")
        return value

    def _checked_text(self, key: str, value: object, longest: int) -> str:
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            raise self.refuse(key, "must be a text that neither begins nor ends with a space")
        if len(value) > longest:
            raise self.refuse(key, f"is longer than {longest} letters")
        if not value.isprintable():
            raise self.refuse(key, "has letters that cannot be shown")
        return value

    def _checked_key(self, name: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > LONGEST_KEY or not _KEY.fullmatch(value):
            raise self.refuse(
                name, "must be lower-case letters, digits and single hyphens, such as managed-agent"
            )
        return value


FILE = "the file"
LARGEST_FILE = 1_000_000


def read_file(path: Path, *, refusal: type[Refused] = CatalogueFileRefused) -> str:
    """Return the text of a file. Raises the refusal when it cannot be read, is too large or is not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise refusal(f"{path.name} cannot be read: {problem.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise refusal(f"{path.name} is larger than {LARGEST_FILE:,} bytes.")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        raise refusal(f"{path.name} is not UTF-8 at byte {problem.start}.") from None


def read_root(text: str, *, refusal: type[Refused] = CatalogueFileRefused) -> Table:
    """Return the root table of a TOML text, its fractional numbers as decimals. Raises the refusal."""
    try:
        return Table(FILE, tomllib.loads(text, parse_float=Decimal), refusal)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError, RecursionError) as problem:
        raise refusal(f"The file is no valid TOML: {problem}.") from None
