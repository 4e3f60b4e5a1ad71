"""The embedded server comes when it is needed, goes when it is not, and survives every kind of kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from seatledger.config.postgres.binaries import NoServerPrograms, find_binaries
from seatledger.config.postgres.cluster import OWNER, ServerFailed, make_cluster, remove_stale_pid
from seatledger.config.postgres.locks import Lock
from seatledger.config.postgres.places import LONGEST_SOCKET_PATH, SOCKET_NAME, Places
from seatledger.config.postgres.server import EmbeddedServer
from seatledger.config.postgres.unprivileged import choose_disguise

PATIENCE_S = 20
HOLD = """
import sys, time
from pathlib import Path
from seatledger.config.postgres.server import EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), forgetful=True).acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Return the directory of one server that the tests of this file start and stop in turn."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture
def server(root) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(root, forgetful=True)
    server.acquire()
    yield server
    server.release(wait=True)


def ask(server: EmbeddedServer, question: str) -> tuple[object, ...] | None:
    with psycopg.connect(host=str(server.places.sockets), user=OWNER, dbname=OWNER) as connection:
        answer = connection.execute(question)
        return answer.fetchone() if answer.description else None


def eventually(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return False


def pid_of(server: EmbeddedServer) -> int:
    return int((server.places.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])


def hold_elsewhere(root: Path) -> "subprocess.Popen[str]":
    """Start another process that uses the server."""
    command = [sys.executable, "-c", HOLD, str(root)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_its_owner_is_no_superuser_and_words_are_utf_8(server):
    assert ask(
        server,
        "SELECT rolsuper, rolcreatedb, rolcreaterole, current_setting('server_encoding'), lower('ÄÖ')"
        " FROM pg_roles WHERE rolname = current_user",
    ) == (False, True, True, "UTF8", "äö")


def test_it_stops_when_it_is_released_and_keeps_its_data(root):
    server = EmbeddedServer(root, forgetful=True)
    server.acquire()
    ask(server, "CREATE TABLE IF NOT EXISTS kept AS SELECT 41 + 1 AS answer")
    server.release(wait=True)
    assert not (root / "postgres" / "postmaster.pid").exists()
    server.acquire()
    assert ask(server, "SELECT answer FROM kept") == (42,)
    server.release(wait=True)


def test_two_processes_share_it_and_the_last_one_stops_it(root):
    holder = hold_elsewhere(root)
    server = EmbeddedServer(root, forgetful=True)
    server.acquire()
    end(holder)
    time.sleep(0.5)
    assert ask(server, "SELECT 1") == (1,)
    server.release(wait=True)
    assert server.is_stopped()


def test_releasing_does_not_wait_for_others(root):
    holder = hold_elsewhere(root)
    server = EmbeddedServer(root, forgetful=True)
    server.acquire()
    server.release(wait=True)
    assert not server.is_stopped()
    end(holder)
    assert eventually(server.is_stopped)


def test_it_stops_by_itself_when_its_user_is_killed(root):
    end(hold_elsewhere(root))
    assert eventually(EmbeddedServer(root).is_stopped)


def test_a_killed_server_is_started_again(server):
    os.kill(pid_of(server), signal.SIGKILL)

    def answers() -> bool:
        try:
            return ask(server, "SELECT 1") == (1,)
        except psycopg.OperationalError:
            return False

    assert eventually(answers)


def test_a_killed_keeper_takes_the_server_along_and_the_next_one_starts(root):
    holder = hold_elsewhere(root)
    server = EmbeddedServer(root, forgetful=True)
    keeper = int(
        Path(f"/proc/{pid_of(server)}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[1]
    )
    os.kill(keeper, signal.SIGKILL)
    end(holder)
    server.acquire()
    assert ask(server, "SELECT 1") == (1,)
    server.release(wait=True)


def test_a_set_up_that_was_cut_short_is_done_again(tmp_path):
    places = Places(tmp_path)
    places.make()
    unfinished = tmp_path / "postgres.init"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18", encoding="ascii")
    make_cluster(places, find_binaries(None), choose_disguise())
    assert (places.data / "PG_VERSION").is_file()
    assert not unfinished.exists()


def test_a_pid_file_whose_number_was_given_to_another_process_is_removed(tmp_path):
    places = Places(tmp_path)
    places.data.mkdir()
    file = places.data / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n/elsewhere\n", encoding="ascii")
    remove_stale_pid(places)
    assert not file.exists()


def test_a_long_path_gets_a_short_socket(tmp_path):
    places = Places(tmp_path / ("long" * 30))
    assert len(os.fsencode(places.sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    places.make()
    assert places.sockets.stat().st_mode & 0o777 == 0o700
    places.sockets.rmdir()


def test_a_directory_without_a_server_is_refused(tmp_path):
    with pytest.raises(NoServerPrograms) as refused:
        find_binaries(tmp_path)
    assert str(refused.value) == f"{tmp_path} holds no initdb and postgres"


def test_a_server_that_cannot_start_says_why(tmp_path):
    server = EmbeddedServer(tmp_path, binaries=tmp_path)
    with pytest.raises(ServerFailed) as failed:
        server.acquire()
    server.release()
    assert str(failed.value).endswith(f"{tmp_path} holds no initdb and postgres")


def test_a_lock_is_had_alone_or_shared(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take(shared=True)
    assert second.take(shared=True)
    second.release()
    assert not second.take()
    first.release()
    assert second.take()
    assert not first.is_free()
    second.release()
    assert first.is_free()
