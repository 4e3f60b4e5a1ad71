"""`seatledger run` starts everything, stops everything, and starts again whatever happened before."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from seatledger.config.children import MOST_FAILURES, Child, end_leftovers, stop_children
from seatledger.config.postgres.server import EmbeddedServer

HOST = "licences.example.com"
PATIENCE_S = 300
Process = subprocess.Popen  # of text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def variables(tmp_path_factory) -> dict[str, str]:
    """Return what configures one small installation in production, which has no demo to load."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "SEATLEDGER_STATE": str(tmp_path_factory.mktemp("state")),
        "SEATLEDGER_PORT": str(free_port()),
        "SEATLEDGER_MODE": "production",
        "SEATLEDGER_SECRET_KEY": "k" * 50,
        "SEATLEDGER_ALLOWED_HOSTS": HOST,
        "SEATLEDGER_ADDRESS": f"https://{HOST}",
        "SEATLEDGER_VENDOR_EMAIL": f"vendor@{HOST}",
        "SEATLEDGER_MAIL_HOST": "localhost",
        "SEATLEDGER_MAIL_FROM": f"vendor@{HOST}",
        "SEATLEDGER_WEB_PROCESSES": "1",
    }


def start(variables: dict[str, str]) -> "Process[str]":
    return Process(
        [sys.executable, "-m", "seatledger.faces.cli.main", "run"],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: "Process[str]", line: str) -> list[str]:
    """Return what the process says up to this line, which it must say."""
    assert process.stdout is not None
    said = []
    for heard in process.stdout:
        said.append(heard.rstrip("\n"))
        if said[-1] == line:
            return said
    raise AssertionError("\n".join(said))


def health(variables: dict[str, str]) -> tuple[int, str]:
    asked = http.client.HTTPConnection("127.0.0.1", int(variables["SEATLEDGER_PORT"]), timeout=PATIENCE_S)
    asked.request("GET", "/health", headers={"Host": HOST})
    answer = asked.getresponse()
    status, words = answer.status, answer.read().decode()
    asked.close()
    return status, words


def test_it_serves_refuses_a_second_one_and_stops_with_everything(variables):
    process = start(variables)
    said = read_until(process, "Ctrl-C stops it.")
    assert f"Open https://{HOST}" in said
    assert health(variables) == (200, "ok\n")

    second = start(variables)
    words, _ = second.communicate(timeout=PATIENCE_S)
    state = variables["SEATLEDGER_STATE"]
    assert (second.returncode, words) == (
        2,
        f"seatledger: already runs with the files in {state}; stop that one first\n",
    )

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert EmbeddedServer(Path(state)).is_stopped()
    with pytest.raises(ConnectionRefusedError):
        health(variables)


def test_a_killed_one_leaves_nothing_that_stops_the_next(variables):
    killed = start(variables)
    read_until(killed, "Ctrl-C stops it.")
    killed.kill()
    killed.wait()
    again = start(variables)
    read_until(again, "Ctrl-C stops it.")
    assert health(variables) == (200, "ok\n")
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=PATIENCE_S)
    assert again.returncode == 0
    assert killed.stdout is not None
    killed.stdout.close()


def test_a_busy_port_is_named(variables):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        process = start(variables | {"SEATLEDGER_PORT": str(port)})
        words, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert words.splitlines()[-1] == (
        f"seatledger: cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "SEATLEDGER_PORT chooses another port"
    )


def sleeper() -> Child:
    return Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], {"MARK": "ours"}, None)


def test_a_child_that_keeps_failing_is_given_up():
    child = Child(
        "failing", [sys.executable, "-c", "raise SystemExit(1)"], {}, None, failures=MOST_FAILURES - 2
    )
    child.start()
    stop_children([child])
    assert child.start_again()
    stop_children([child])
    assert not child.start_again()


def test_children_end_when_they_are_asked():
    child = sleeper()
    child.start()
    stop_children([child])
    assert not child.is_running()


def test_only_what_is_still_ours_is_ended():
    ours, stranger = sleeper(), sleeper()
    ours.start()
    stranger.start()
    end_leftovers([ours.pid], b"MARK=ours")
    end_leftovers([stranger.pid], b"MARK=somebody else's")
    assert ours.process is not None
    assert ours.process.wait(timeout=PATIENCE_S) == -signal.SIGKILL
    assert stranger.is_running()
    stop_children([stranger])
