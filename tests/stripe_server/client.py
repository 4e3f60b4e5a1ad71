"""For tests: a stand-in in a process of its own, and its commands."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

TESTS = Path(__file__).resolve().parent.parent


class StandIn:
    """A running stand-in. It survives whatever happens to those who ask it, and ends with this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stripe_server"],
            cwd=TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.terminate()

    def command(self, name: str, **said: Any) -> Any:
        """Give a command of `control.py` and return what it says."""
        address = f"{self.address}/_control/{name}"
        request = Request(address, data=json.dumps(said).encode(), method="POST")  # noqa: S310 -- our own address
        with urlopen(request, timeout=60) as answer:  # noqa: S310 -- as above
            return json.loads(answer.read())

    def fault(self, kind: str, path: str = "", **more: Any) -> None:
        self.command("faults", kind=kind, path=path, **more)

    def books(self) -> Any:
        return self.command("books")

    def charged(self) -> list[tuple[str, int]]:
        """Return every charge that took or takes money: whose payment of ours it is, and the amount."""
        return [
            (charge["metadata"].get("seatledger_payment", ""), charge["amount"])
            for charge in self.books()["charges"]
            if charge["status"] != "failed"
        ]

    def refunded(self) -> list[tuple[str, int]]:
        return [
            (refund["metadata"].get("seatledger_refund", ""), refund["amount"])
            for refund in self.books()["refunds"]
            if refund["status"] != "failed"
        ]
