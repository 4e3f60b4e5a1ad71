"""What every benchmark needs: a database of its own, figures side by side, and limits that are asserted.

Two things that are compared are run in turn, so that whatever else the machine does hits both alike. A figure is the
lower quartile of its rounds: a busy machine only ever adds time.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "tests"))
os.environ["DJANGO_SETTINGS_MODULE"] = "seatledger.config.settings_in_tests"

import django  # noqa: E402 -- Django reads its settings' name first

django.setup()

from django.conf import settings  # noqa: E402 -- the same
from django.db import connection, transaction  # noqa: E402 -- the same

from databases import choose_own_database  # noqa: E402 -- after Django is ready
from seatledger.domain.accounts.models import Account  # noqa: E402 -- the same
from seatledger.shared.boundary import bind_account, unbind  # noqa: E402 -- the same

ROUNDS = 100


@contextmanager
def own_database() -> Iterator[None]:
    """Give this process an empty, migrated database on the server of the tests."""
    lock = choose_own_database()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    settings.ALLOWED_HOSTS += ["testserver"]
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        lock.release()


def run_sql(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def without_chain(table: str) -> Iterator[None]:
    """Write rows of a chained table as they are given. For rows that are made by the hundred thousand."""
    run_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    run_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def as_web(account: Account) -> Iterator[None]:
    """Be a request of the account: the web's role, bound to its rows."""
    with transaction.atomic():
        bind_account(account.pk)
        yield
        unbind()


@contextmanager
def as_owner(_: Account) -> Iterator[None]:
    """Be the owner of the tables, whom no policy holds."""
    with transaction.atomic():
        yield


class DatabaseTime:
    """How often the database was asked, and how long it took to plan and carry that out, by its own clock.

    The server's clock, because a client that waits for its turn on a busy machine measures the machine.
    """

    def __init__(self) -> None:
        self.queries = 0
        self.milliseconds = 0.0

    def __call__(
        self, execute: Callable[..., object], sql: str, params: object, many: object, context: dict[str, Any]
    ) -> object:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params, many, context)
            [[[plan]]] = context["cursor"].fetchall()
            self.milliseconds += plan["Planning Time"] + plan["Execution Time"]
            self.queries += 1
        return execute(sql, params, many, context)


def database_time(call: Callable[[], object]) -> DatabaseTime:
    """Return what the questions of `call` cost the database."""
    spent = DatabaseTime()
    with connection.execute_wrapper(spent):
        call()
    return spent


def work_of(call: Callable[[], object]) -> float:
    """Return the seconds of processor time that `call` took, of this process and of the database's that serves it.

    For what runs for minutes: the clock of a busy machine tells of the others.
    """
    before = _worked_s()
    call()
    return _worked_s() - before


def _worked_s() -> float:
    [[served_by]] = run_sql("SELECT pg_backend_pid()")
    # After the name, which is in parentheses: the state, and then, 12th and 13th, ticks as user and as system.
    ticks = Path(f"/proc/{served_by}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def quartiles_ms(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Run the calls in turn, `rounds` times; returns the lower quartile of each in milliseconds."""
    seconds: list[list[float]] = [[] for _ in calls]
    for turn in range(rounds + 3):
        for call, spent in zip(calls, seconds, strict=True):
            began = time.perf_counter()
            call()
            if turn >= 3:  # the first ones warm up
                spent.append(time.perf_counter() - began)
    return [statistics.quantiles(spent, n=4)[0] * 1000 for spent in seconds]


def database_quartiles_ms(*calls: Callable[[], DatabaseTime], rounds: int = ROUNDS) -> list[float]:
    """Run the calls in turn; returns the lower quartile of the database time of each in milliseconds."""
    spent: list[list[float]] = [[] for _ in calls]
    for turn in range(rounds + 3):
        for call, times in zip(calls, spent, strict=True):
            used = call().milliseconds
            if turn >= 3:
                times.append(used)
    return [statistics.quantiles(times, n=4)[0] for times in spent]


def asked_by(account: Account, call: Callable[[], object]) -> Callable[[], DatabaseTime]:
    """Return a measured form of `call`: as a request of the account makes it, what it asks of the database."""

    def measured() -> DatabaseTime:
        with as_web(account):
            return database_time(call)

    return measured


def show(what: str, figure: float, unit: str = "ms") -> None:
    print(f"  {what:<58} {figure:>10.2f} {unit}")


def hold(what: str, figure: float, limit: float, unit: str = "") -> None:
    """Print a figure beside its limit, and fail when it is above."""
    verdict = "holds" if figure <= limit else "MISSED"
    print(f"  {what:<58} {figure:>10.2f} {unit:<3} limit {limit:.2f}  {verdict}")
    assert figure <= limit, f"{what}: {figure:.2f} {unit} is above {limit:.2f}"
