"""Billing by real processes: two at once, and killed at any moment. Each period is billed once, numbers have no gaps."""

import gc
import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import accumulate
from random import Random
from threading import Barrier
from time import perf_counter, sleep

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from charging import given_vendor, noon, numbers_of
from seatledger.domain.invoices.actions import begin_run, bill_account, runs
from seatledger.domain.invoices.billing import find_due, issue_due
from seatledger.domain.invoices.models import (
    AccountBilling,
    BalanceEntry,
    Document,
    Issue,
    Line,
    NumberSeries,
)
from seatledger.domain.invoices.runs import bill_in_chunks
from seatledger.engine.periods import add_months
from seatledger.shared.constraints import violated_constraint
from selling import given_subscription
from support import STAFF, SYSTEM, count_of, given_account, racers, run_together

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS = 12
CHUNK = 3
ROUNDS = 8
KILLS = 4
FAIL_ONCE = """
CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.next_number > 1 THEN
    RAISE EXCEPTION 'try again' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fail_once BEFORE UPDATE ON invoices_numberseries FOR EACH ROW EXECUTE FUNCTION fail_once();
"""


def subscribed(number: int, first: int = 1):
    given_vendor(percent="20")
    accounts = [given_account(f"Customer {index}") for index in range(first, first + number)]
    for account in accounts:
        given_subscription(account, at=noon("2026-03-03"))
    return accounts


def day_of_round(number: int) -> str:
    return add_months(date(2026, 3, 3), number).isoformat()


def in_a_process(work: Callable[[], object]) -> int:
    """Start a process of its own that does `work` on a connection of its own; returns its id."""
    connections.close_all()
    process_id = os.fork()
    if process_id:
        return process_id
    # What is left of the test here is none of the new process's business.
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- whatever it is, the parent hears of it
        os._exit(1)


def ended_well(process_id: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1]) == 0


AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IN ('active', 'idle in transaction')
"""


def wait_until_nobody_works() -> None:
    """Wait for the server to notice that a process was killed: until then its accounts are held, and a run leaves them out."""
    with connection.cursor() as cursor:
        for _ in range(1_000):
            cursor.execute(AT_WORK)
            if cursor.fetchone() == (0,):
                return
            sleep(0.01)
    raise AssertionError("somebody works still")


def bill_everything(day: str) -> None:
    runs.LARGEST_CHUNK = CHUNK
    begin_run(at=noon(day), by=SYSTEM)
    for _ in bill_in_chunks(at=noon(day), by=SYSTEM):
        pass


def assert_all_is_billed_once(*, rounds: int, accounts: int) -> None:
    charged = Counter(Line.objects.values_list("item_id", "period_starts_on"))
    assert (len(charged), set(charged.values())) == (rounds * accounts, {1})
    assert Document.objects.filter(issue__isnull=True).count() == 0
    assert numbers_of() == list(range(1, rounds * accounts + 1))
    assert NumberSeries.objects.get(prefix="INV-").next_number == rounds * accounts + 1
    entries = list(BalanceEntry.objects.order_by("account_id", "sequence"))
    for account_id in {entry.account_id for entry in entries}:
        own = [entry for entry in entries if entry.account_id == account_id]
        assert [entry.sequence for entry in own] == list(range(1, rounds + 1))
        assert [entry.balance_minor for entry in own] == list(accumulate(entry.amount_minor for entry in own))
    assert sum(Issue.objects.values_list("open_minor", flat=True)) == sum(
        entry.amount_minor for entry in entries
    )


def test_two_processes_at_once_share_the_accounts():
    subscribed(ACCOUNTS)
    for number in range(3):
        day = day_of_round(number)
        workers = [in_a_process(lambda day=day: bill_everything(day)) for _ in range(2)]
        assert [ended_well(worker) for worker in workers] == [True, True]
        # Whoever began while the other one held the rest left it to him.
        assert_all_is_billed_once(rounds=number + 1, accounts=ACCOUNTS)


def test_a_run_that_is_killed_at_any_moment_is_gone_on_with():
    subscribed(ACCOUNTS)
    chance = Random(20260303)  # noqa: S311 -- no secret depends on it
    begun = perf_counter()
    assert ended_well(in_a_process(lambda: bill_everything(day_of_round(0))))
    longest_s = perf_counter() - begun
    cut_short = 0
    for number in range(1, ROUNDS + 1):
        day = day_of_round(number)
        for _ in range(KILLS):
            worker = in_a_process(lambda day=day: bill_everything(day))
            sleep(chance.uniform(0, longest_s))
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            wait_until_nobody_works()
            if Document.objects.filter(dated_on=day).count() == ACCOUNTS:
                # It came too late. How fast the machine is right now shows by what came too late before.
                longest_s *= 0.5
                break
            cut_short += 1
            longest_s *= 1.1
        assert ended_well(in_a_process(lambda day=day: bill_everything(day)))
        assert_all_is_billed_once(rounds=number + 1, accounts=ACCOUNTS)
    assert cut_short >= ROUNDS, "most rounds were killed in the middle"


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(runs, "LARGEST_CHUNK", CHUNK)


def test_a_worker_with_two_chunks_in_hand_bills_each_account_once(small_chunks):
    accounts = subscribed(ACCOUNTS)
    begin_run(at=noon("2026-03-03"), by=SYSTEM)
    chunks = list(bill_in_chunks(at=noon("2026-03-03"), by=SYSTEM))
    assert sorted(serial for chunk in chunks for serial in chunk.accounts.values()) == sorted(
        account.serial_number for account in accounts
    )
    assert_all_is_billed_once(rounds=1, accounts=ACCOUNTS)


def test_who_has_enough_gets_no_more_than_what_is_in_hand(small_chunks):
    subscribed(ACCOUNTS)
    begin_run(at=noon("2026-03-03"), by=SYSTEM)
    billing = bill_in_chunks(at=noon("2026-03-03"), by=SYSTEM)
    next(billing)
    billing.close()
    stored = Document.objects.count()
    assert stored % CHUNK == 0
    sleep(0.2)
    assert Document.objects.count() == stored, "nobody works on when the run was left"
    assert gc.isenabled()
    bill_everything("2026-03-03")
    assert_all_is_billed_once(rounds=1, accounts=ACCOUNTS)


def test_when_one_lane_fails_the_run_fails_and_is_gone_on_with(small_chunks):
    subscribed(ACCOUNTS)
    begin_run(at=noon("2026-03-03"), by=SYSTEM)
    with connection.cursor() as cursor:
        # Whoever draws numbers second is told that the database wants the transaction again.
        cursor.execute(FAIL_ONCE)
    with pytest.raises(OperationalError):
        list(bill_in_chunks(at=noon("2026-03-03"), by=SYSTEM))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER fail_once ON invoices_numberseries; DROP FUNCTION fail_once()")
    assert Document.objects.filter(issue__isnull=True).count() == 0
    bill_everything("2026-03-03")
    assert_all_is_billed_once(rounds=1, accounts=ACCOUNTS)


def test_an_account_is_billed_once_however_many_ask_at_one_moment():
    (account,) = subscribed(1)
    with racers(4) as run_round:
        for number in range(5):
            at = noon(day_of_round(number))
            calls = [lambda at=at: bill_account(account=account, at=at, by=STAFF)] * 4
            assert sorted(map(len, run_round(*calls))) == [0, 0, 0, 1]
    assert_all_is_billed_once(rounds=5, accounts=1)


def test_without_the_locks_the_constraint_refuses_the_second():  # the control
    (account,) = subscribed(1)
    billing = AccountBilling.objects.create(account=account)
    found = Barrier(2)

    def bill_without_holding() -> object:
        at = noon("2026-03-03")
        try:
            with transaction.atomic():
                due = find_due([billing], through=None, at=at, by=SYSTEM)
                found.wait(timeout=30)
                issue_due(due, at=at, by=SYSTEM)
        except IntegrityError as error:
            return violated_constraint(error)
        return due

    outcomes = run_together(bill_without_holding, bill_without_holding)
    assert (count_of(list, outcomes), "a_period_is_billed_once_a_revision" in outcomes) == (1, True)
    assert_all_is_billed_once(rounds=1, accounts=1)
