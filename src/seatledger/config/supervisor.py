"""`seatledger run`: the database, the tables, the demo, the web server and the worker, as one program."""

import http.client
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from django.core.exceptions import ImproperlyConfigured

from seatledger import __version__
from seatledger.config.children import Child, end_leftovers, stop_children
from seatledger.config.environment import Environment, environment_or_exit, leave
from seatledger.config.postgres.cluster import ServerFailed
from seatledger.config.postgres.locks import Lock
from seatledger.config.progress import say, step
from seatledger.config.secrets import keep_secret_key
from seatledger.config.web import command_of

PATIENCE_S = 60
LOOK_EVERY_S = 0.1
OK = 200
# Around what is told to people, for who starts several of us.
OPEN, STOPS = "Open ", "Ctrl-C stops it."


class Interrupted(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    """Run until somebody asks to stop. Returns the exit code."""
    environment = environment_or_exit()
    environment.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    running = Lock(environment.state / "run.lock")
    if not running.take():
        leave(f"already runs with the files in {environment.state}; stop that one first")
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, interrupt)
    children: list[Child] = []
    try:
        return run(environment, children)
    except Interrupted:
        return 0
    except (ImproperlyConfigured, ServerFailed) as problem:
        leave(str(problem))
    finally:
        for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(which, signal.SIG_IGN)
        stop(environment, children)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted


def run(environment: Environment, children: list[Child]) -> int:
    say(f"Seatledger {__version__}")
    end_leftovers(read_children(environment), mark_of(environment))
    refuse_busy_port(environment)
    keep_secret_key(environment)
    from seatledger.config import preparation  # noqa: PLC0415 -- the settings need the key that was just kept

    step("Starting the database", preparation.start_database)
    step("Preparing the tables", preparation.prepare_tables)
    step("Preparing the pages", preparation.collect_static)
    notes: list[str] = []
    if not environment.in_production:
        notes = step("Preparing the demo", preparation.load_demo)
    children += describe_children(environment)
    step("Starting the web server and the worker", lambda: start(environment, children))
    say("\n".join(["", f"{OPEN}{environment.public_address}", *notes, "", STOPS]))
    return watch(environment, children)


def refuse_busy_port(environment: Environment) -> None:
    family = socket.AF_INET6 if ":" in environment.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.host, environment.port))
        except OSError as problem:
            leave(
                f"cannot listen on {environment.host}, port {environment.port}: {problem.strerror}. "
                "SEATLEDGER_PORT chooses another port"
            )


def describe_children(environment: Environment) -> list[Child]:
    log = open_log(environment)
    variables = {
        "SEATLEDGER_STATE": str(environment.state),
        "DJANGO_SETTINGS_MODULE": "seatledger.config.settings",
    }
    web = command_of(environment)
    worker = (sys.executable, "-m", "seatledger.faces.cli.main", "worker")
    return [
        Child("web server", web, variables | {"SEATLEDGER_DATABASE_ROLE": "web"}, log),
        Child("worker", worker, variables | {"SEATLEDGER_DATABASE_ROLE": "staff"}, log),
    ]


def open_log(environment: Environment) -> IO[bytes] | None:
    """Return the file for the log of a demo; in production the log goes where the supervisor's goes."""
    return None if environment.in_production else (environment.state / "seatledger.log").open("ab")


def start(environment: Environment, children: list[Child]) -> None:
    for child in children:
        child.start()
    keep_children(environment, children)
    deadline = time.monotonic() + PATIENCE_S
    while not is_serving(environment):
        if not children[0].is_running() or time.monotonic() > deadline:
            leave(f"the web server does not answer; see the log in {environment.state}")
        time.sleep(LOOK_EVERY_S)


def is_serving(environment: Environment) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.host, environment.host)  # noqa: S104 -- compared
    asked = http.client.HTTPConnection(host, environment.port, timeout=5)
    try:
        asked.request("GET", "/health", headers={"Host": next(iter(environment.allowed_hosts), "localhost")})
        return asked.getresponse().status == OK
    except OSError:
        return False
    finally:
        asked.close()


def watch(environment: Environment, children: list[Child]) -> int:
    """Start again what ends by itself, until it ends too often."""
    while True:
        time.sleep(LOOK_EVERY_S)
        for child in children:
            if child.is_running():
                continue
            say(f"The {child.name} ended by itself; starting it again.")
            if not child.start_again():
                say(f"The {child.name} keeps failing; see the log in {environment.state}.")
                return 1
            keep_children(environment, children)


def stop(environment: Environment, children: list[Child]) -> None:
    if children:
        say("\nStopping ...")
    stop_children(children)
    children_file(environment).unlink(missing_ok=True)
    if "seatledger.config.preparation" in sys.modules:
        sys.modules["seatledger.config.preparation"].stop_database()


def mark_of(environment: Environment) -> bytes:
    """What stands among the variables of each of our processes."""
    return b"SEATLEDGER_STATE=" + os.fsencode(environment.state)


def children_file(environment: Environment) -> Path:
    return environment.state / "run.json"


def keep_children(environment: Environment, children: list[Child]) -> None:
    children_file(environment).write_text(json.dumps([child.pid for child in children]), encoding="ascii")


def read_children(environment: Environment) -> list[int]:
    try:
        return [int(pid) for pid in json.loads(children_file(environment).read_text(encoding="ascii"))]
    except (FileNotFoundError, ValueError):
        return []


if __name__ == "__main__":
    sys.exit(main())
