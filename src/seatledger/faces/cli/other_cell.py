"""Another region's cell, as a command that runs `seatledger` there: `ssh host seatledger`, or another state here."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from seatledger.domain.moves.actions import check_other_region
from seatledger.domain.moves.refusals import DoesNotFit, NoSuchRegion
from seatledger.shared.errors import Unreachable

REFUSED = 2


class CellUnreachable(Unreachable):
    """The other cell did not answer. Its part of the move is done again when the command is."""


class CommandedCell:
    """The cell of a region that a command of the settings reaches. Files go in by its standard input."""

    def __init__(self, region: str) -> None:
        check_other_region(region)
        self.region = region
        try:
            self.command: Sequence[str] = settings.SEATLEDGER_CELL_COMMANDS[region]
        except KeyError:
            raise NoSuchRegion(
                f"SEATLEDGER_CELL_COMMANDS does not say how `seatledger` is run in the region “{region}”."
            ) from None

    def expect(self, offer: dict[str, Any]) -> dict[str, Any]:
        return self._ask("expect", text=json.dumps(offer))

    def receive(self, package: Path) -> dict[str, Any]:
        return self._ask("receive", file=package)

    def open(self, account_id: UUID) -> None:
        self._ask("open", str(account_id))

    def drop(self, account_id: UUID) -> None:
        self._ask("drop", str(account_id))

    def _ask(self, *what: str, text: str = "", file: Path | None = None) -> dict[str, Any]:
        answer = self._run([*self.command, "arrival", *what], text, file)
        said = answer.stderr.decode(errors="replace").strip()
        last = said.splitlines()[-1] if said else "it said nothing"
        if answer.returncode == REFUSED:
            raise DoesNotFit(f"{self.region} refuses: {last.removeprefix('seatledger: ')}")
        if answer.returncode != 0:
            raise CellUnreachable(f"{self.region} did not answer: {last}")
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    def _run(
        self, command: Sequence[str], text: str, file: Path | None
    ) -> "subprocess.CompletedProcess[bytes]":
        try:
            if file is None:
                return subprocess.run(command, input=text.encode(), capture_output=True, check=False)  # noqa: S603 -- the operator's own command
            with file.open("rb") as package:
                return subprocess.run(command, stdin=package, capture_output=True, check=False)  # noqa: S603 -- the same
        except OSError as problem:
            raise CellUnreachable(f"{self.region} cannot be reached: {problem}") from problem
