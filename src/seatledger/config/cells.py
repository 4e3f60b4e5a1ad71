"""`seatledger cells`: one cell a region on this machine, each as if it were the only one, to try out what regions are.

Every cell has its own state, database server, ports and demo. In production a cell is an installation of its own.
"""

import http.client
import os
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from seatledger.config.children import Child, stop_children
from seatledger.config.environment import Environment, environment_or_exit, leave
from seatledger.config.postgres.locks import Lock
from seatledger.config.progress import say
from seatledger.config.regions import Region
from seatledger.config.supervisor import OPEN, STOPS, Interrupted, interrupt

LOOK_EVERY_S = 0.2
# Each of them stops its web server, its worker and its database.
KINDNESS_S = 40
OURS = "seatledger.faces.cli.main"
OK = 200


class Cells:
    """The cells of this machine: where each keeps its files and where it is reached."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.place = environment.state / "cells"
        self.lock = Lock(self.place / "up.lock")
        self.pid_file = self.place / "up.pid"

    def state_of(self, region: Region) -> Path:
        return self.place / region.key

    def port_of(self, region: Region) -> int:
        return self.environment.port + self.environment.regions.index(region)

    def address_of(self, region: Region) -> str:
        return f"http://localhost:{self.port_of(region)}"

    def variables_of(self, region: Region) -> dict[str, str]:
        """Return what makes a process one of the region's cell."""
        regions = self.environment.regions
        return {
            "SEATLEDGER_STATE": str(self.state_of(region)),
            "SEATLEDGER_REGION": region.key,
            "SEATLEDGER_PORT": str(self.port_of(region)),
            "SEATLEDGER_ADDRESS": self.address_of(region),
            "SEATLEDGER_REGIONS": "; ".join(
                f"{each.key}|{each.label}|{self.address_of(each)}" for each in regions
            ),
            "SEATLEDGER_CELL_COMMANDS": "; ".join(
                f"{each.key}|{self.command_in(each)}" for each in regions if each != region
            ),
            "SEATLEDGER_WEB_PROCESSES": os.environ.get("SEATLEDGER_WEB_PROCESSES", "1"),
        }

    def command_in(self, region: Region) -> str:
        """Return how `seatledger` is run in a cell by a process of another one."""
        own = {"SEATLEDGER_STATE": str(self.state_of(region)), "SEATLEDGER_REGION": region.key}
        said = [f"{name}={value}" for name, value in own.items()]
        return shlex.join(["env", *said, sys.executable, "-m", OURS])

    def child_of(self, region: Region) -> Child:
        state = self.state_of(region)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = (sys.executable, "-m", "seatledger.config.supervisor")
        return Child(region.label, command, self.variables_of(region), (state / "run.log").open("wb"))


def main(arguments: Sequence[str]) -> int:
    """Do one of `up`, `status`, `down`, and `in REGION COMMAND`. Returns the exit code."""
    environment = environment_or_exit()
    if environment.in_production:
        leave("cells are for trying out; in production each region is an installation of its own")
    if environment.database_url:
        leave("each cell has its own database; unset DATABASE_URL")
    cells = Cells(environment)
    cells.place.mkdir(mode=0o700, parents=True, exist_ok=True)
    what, *rest = arguments
    if what == "in":
        run_in(cells, *rest)
    return {"up": up, "status": status, "down": down}[what](cells)


def up(cells: Cells) -> int:
    """Start every cell, say how to sign in to each, and run until somebody asks to stop or one of them ends."""
    if not cells.lock.take():
        leave(f"the cells in {cells.place} run already; `seatledger cells status` shows them")
    cells.pid_file.write_text(str(os.getpid()), encoding="ascii")
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, interrupt)
    children: dict[Region, Child] = {}
    try:
        for region in cells.environment.regions:
            children[region] = cells.child_of(region)
            children[region].start()
        say(f"Starting {len(children)} cells; the first time this takes a minute or two.")
        for region, child in children.items():
            await_cell(cells, region, child)
        say("\nCtrl-C stops all of them.")
        return watch(children)
    except Interrupted:
        return 0
    finally:
        for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(which, signal.SIG_IGN)
        say("\nStopping ...")
        stop_children(list(children.values()), kindness_s=KINDNESS_S)
        cells.pid_file.unlink(missing_ok=True)


def await_cell(cells: Cells, region: Region, child: Child) -> None:
    """Wait until a cell serves, and repeat what it says about signing in."""
    log = cells.state_of(region) / "run.log"
    while STOPS not in (said := log.read_text(encoding="utf-8").splitlines()):
        if not child.is_running():
            leave(f"{region.label} did not start: {said[-1] if said else 'it said nothing'}")
        time.sleep(LOOK_EVERY_S)
    begins = next(number for number, line in enumerate(said) if line.startswith(OPEN))
    say("\n".join(["", region.label, *said[begins : said.index(STOPS) - 1]]))


def watch(children: dict[Region, Child]) -> int:
    """Wait until one of the cells ends by itself, which starts again what can be."""
    while True:
        for region, child in children.items():
            if not child.is_running():
                say(f"{region.label} ended by itself; see run.log and seatledger.log of its state.")
                return 1
        time.sleep(LOOK_EVERY_S)


def status(cells: Cells) -> int:
    """Say of each cell whether it answers; 0 when all do."""
    answers = {region: answers_at(cells.port_of(region)) for region in cells.environment.regions}
    for region, does in answers.items():
        say(f"{region.key}  {'runs' if does else 'away'}  {cells.address_of(region)}  {region.label}")
    return 0 if all(answers.values()) else 1


def answers_at(port: int) -> bool:
    asked = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        asked.request("GET", "/health")
        return asked.getresponse().status == OK
    except OSError:
        return False
    finally:
        asked.close()


def down(cells: Cells) -> int:
    """Ask the cells to stop and wait until they have."""
    if cells.lock.is_free():
        leave("no cells are running")
    os.kill(int(cells.pid_file.read_text(encoding="ascii")), signal.SIGTERM)
    cells.lock.take(wait=True)
    say("Stopped.")
    return 0


def run_in(cells: Cells, key: str = "", *command: str) -> None:
    """Become `seatledger COMMAND` of the region's cell."""
    region = next((each for each in cells.environment.regions if each.key == key), None)
    if region is None or not command:
        keys = ", ".join(each.key for each in cells.environment.regions)
        leave(f"say one of the regions ({keys}) and a command, such as `seatledger cells in eu verify`")
    os.environ.update(cells.variables_of(region))
    os.execv(sys.executable, [sys.executable, "-m", OURS, *command])  # noqa: S606 -- no shell is wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
