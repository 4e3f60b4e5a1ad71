"""Files that operators hand over: opened packed or not, and what is wrong with them shown line by line."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click

from seatledger.domain.licences.importing.lines import LineError
from seatledger.shared.errors import Refused

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class UnreadableFile(Refused):
    """The file cannot be opened or unpacked."""

    code = "unreadable_file"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, unpacking it when its name ends in .gz. Raises UnreadableFile."""
    try:
        packed = path.suffix == ".gz"
        with gzip.open(path) if packed else path.open("rb") as file:
            yield cast("BinaryIO", file)
    except (OSError, EOFError, zlib.error) as problem:
        raise UnreadableFile(f"{path.name} cannot be read: {problem}.") from None


def show_errors(path: Path, errors: Sequence[LineError]) -> None:
    """Write every error with the file's name, its line and its column."""
    for error in errors:
        click.echo(f"{path.name}, {error}", err=True)
