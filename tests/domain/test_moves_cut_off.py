"""A move that is killed at every step, one after the other, each time just before the step is committed.

After each kill the account is at work in one cell at most, and never in none of the databases; the same command goes on.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

from charging import bill, given_vendor, noon
from delivery import forget_the_jobs
from elsewhere import variables
from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import Month, MonthTotal
from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.invoices.models import NumberSeries
from seatledger.faces.cli.verify import find_problems
from selling import given_subscription, team
from support import given_account, given_user
from three_cells import Cell, reaching, three_cells

if TYPE_CHECKING:
    import psycopg

pytestmark = pytest.mark.django_db  # so that there is a server

STALL = """
CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.state = TG_ARGV[0] THEN PERFORM pg_sleep(600); END IF; RETURN NULL; END $$;
CREATE TRIGGER stalls AFTER INSERT OR UPDATE ON moves_move FOR EACH ROW EXECUTE FUNCTION stall('{state}');
"""
GO_ON = "DROP FUNCTION stall() CASCADE"
SLEEPERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
PATIENCE_S = 120

# Which cell is about to commit which state when the move is killed, and what is there of the account afterwards: in
# the EU, and in the United Kingdom.
KILLS = [
    ("eu", "held", "at work", "nothing"),
    ("uk", "arrived", "held", "nothing"),
    ("eu", "received", "held", "held"),
    ("eu", "switched", "held", "held"),
    ("uk", "opened", "held", "held"),
    ("eu", "erased", "held", "at work"),
]


@contextmanager
def stalled(cell: Cell, state: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Let a cell never come to the end of the transaction in which a move gets to this state."""
    with cell.asked() as there:
        there.execute(STALL.format(state=state))
        try:
            yield there
        finally:
            there.execute(
                f"SELECT pg_terminate_backend(pid) FROM ({SLEEPERS}) sleeper"  # noqa: S608 -- the file's own
            )
            there.execute(GO_ON)


def kill_in_the_middle(
    source: Cell, arguments: list[str], more: dict[str, str], where: Cell, state: str
) -> None:
    """Start the move and kill it and all that it started (-9) once the transaction of that state is about to end."""
    with stalled(where, state) as there:
        command = [sys.executable, "-m", "seatledger.faces.cli.main", *arguments]
        environment = variables(source.address, **source.variables() | more)
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE_S
        while not there.execute(SLEEPERS).fetchall():
            assert process.poll() is None, "it ended before it got there"
            assert time.monotonic() < deadline, "it never got there"
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def what_is_there(cell: Cell, serial: str) -> str:
    with cell.asked() as there:
        rows = there.execute(
            "SELECT moving_to FROM accounts_account WHERE serial_number = %s", [serial]
        ).fetchall()
    return {(): "nothing", (("",),): "at work"}.get(tuple(rows), "held")


def given_work(cell: Cell, name: str) -> str:
    with cell.at_work():
        given_vendor()
        for series in NumberSeries.objects.all():
            NumberSeries.objects.filter(pk=series.pk).update(prefix=f"{cell.region}-{series.prefix}")
        account = given_account(name, region=cell.region)
        given_subscription(account, version=team())
        given_user(account)
        bill(account, "2026-03-03")
        reckon_figures(at=noon("2026-06-10"))
        assert Month.objects.filter(is_over=True).count() == 3, "whose figures nobody changes any more"
        forget_the_jobs()
        return account.serial_number


def test_a_move_that_is_killed_at_every_step_arrives_whole(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
):
    with three_cells(tmp_path_factory.mktemp("cells"), django_db_blocker, called="killed") as cells:
        serial = given_work(cells["eu"], "Northwind")
        given_work(cells["uk"], "Southwind")
        move = ["account", "move", serial, "--to", "uk"]
        more = reaching(cells["uk"])
        seen = []
        for where, state, *_ in KILLS:
            kill_in_the_middle(cells["eu"], move, more, cells[where], state)
            seen.append((where, state, *(what_is_there(cells[key], serial) for key in ("eu", "uk"))))
        assert seen == KILLS
        code, said = cells["eu"].run(*move, **more)
        assert code == 0, said
        assert said.splitlines() == [
            "Opened: it goes on in uk.",
            "Erased: nothing of it is here any more but the numbers of its documents.",
        ]
        assert [what_is_there(cells[key], serial) for key in ("eu", "uk")] == ["nothing", "at work"]
        for cell in cells.values():
            with cell.at_work():
                assert list(find_problems(None)) == []
        for key, accounts in (("eu", 0), ("uk", 2)):
            with cells[key].at_work():
                may = MonthTotal.objects.filter(month="2026-05-01")
                assert sum(may.values_list("accounts", flat=True)) == accounts, key
        with cells["uk"].at_work():
            account = Account.objects.get(serial_number=serial)
            assert [said.split()[0] for said in bill(account, "2026-04-03")] == ["uk-INV-2"]
        assert not list(cells["eu"].state.glob("moves/*"))
