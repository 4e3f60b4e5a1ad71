"""The billing run: all accounts that are due, a thousand at a time, by as many workers as there are."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions.billing import hold_billing
from seatledger.domain.invoices.actions.parking import keep_waiting, park
from seatledger.domain.invoices.billing import Held, find_due, issue_due
from seatledger.domain.invoices.bounds import find_out_of_bounds
from seatledger.domain.invoices.drafts import StoredDraft
from seatledger.domain.invoices.due import Place, bring_forward, claim, count_due, is_due, place_of
from seatledger.domain.invoices.models import BillingRun, Seller
from seatledger.domain.invoices.parties import NoSeller
from seatledger.shared.collecting import collector_paused
from seatledger.shared.errors import Refused

LARGEST_CHUNK = 1_000
# What is older than the last run by more than this was committed when that one looked.
IN_FLIGHT = timedelta(hours=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some accounts: the documents that were issued, and why which account waits for a person now."""

    documents: tuple[StoredDraft, ...] = ()
    parked: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.documents + other.documents, self.parked + other.parked)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a part of a run did: with which accounts (their serial numbers by id), and where the next part begins.

    `last` is None when no account is left.
    """

    accounts: Mapping[UUID, str]
    outcome: Outcome
    last: Place | None

    @property
    def totals(self) -> Counter[tuple[str, str]]:
        """The sums of the documents in minor units, by kind and currency."""
        sums: Counter[tuple[str, str]] = Counter()
        for document in self.outcome.documents:
            sums[document.kind.value, document.currency] += document.total_minor
        return sums


@transaction.atomic
def begin_run(*, through: date | None = None, at: datetime, by: Actor) -> tuple[BillingRun, int]:
    """Begin a run and return it, with how many accounts are due.

    `through` None means each account's own today. Raises NoSeller when nobody is known who sells.
    """
    del by  # whoever begins it: what it does to an account is recorded there
    if not Seller.objects.exists():
        raise NoSeller("Nobody is known who sells. Apply a file that says so: seatledger seller apply FILE.")
    _look_for_what_is_due(at)
    run = BillingRun.objects.create(through_on=through or at.date(), started_at=at)
    return run, count_due(through=through, at=at)


@transaction.atomic
def bill_chunk(
    *,
    through: date | None = None,
    at: datetime,
    by: Actor,
    after: Place | None = None,
    dry_run: bool = False,
) -> Chunk:
    """Bill the next accounts that are due, behind `after`: all of the chunk in one transaction.

    Accounts that others hold are passed over. One that fails is parked with its reason, and so is one of which a
    document is out of proportion to its past; the others go on. A dry run says the same and leaves nothing behind.
    """
    if dry_run:
        _look_for_what_is_due(at)
    with collector_paused():
        rows = list(claim(through=through, at=at, after=after, limit=LARGEST_CHUNK))
        held = [row for row in rows if is_due(row, at)]
        outcome = _bill_or_park(held, through=through, at=at, by=by)
    if dry_run:
        transaction.set_rollback(True)
    accounts = {billing.account_id: billing.account.serial_number for billing in held}
    return Chunk(accounts, outcome, place_of(rows[-1]) if rows else None)


@transaction.atomic
def bill_alone(
    *, account: Account, through: date | None = None, at: datetime, by: Actor, dry_run: bool = False
) -> Chunk:
    """Bill one account within the bounds of a run, whether or not it is due.

    What is out of proportion waits; a failure is raised, because whoever asks sees it. Raises what `bill_account` does.
    """
    billing = hold_billing(account)
    outcome = _bill([billing], through=through, at=at, by=by)
    if dry_run:
        transaction.set_rollback(True)
    return Chunk({billing.account_id: billing.account.serial_number}, outcome, None)


@transaction.atomic
def finish_run(*, run: BillingRun, chunks: Sequence[Chunk], at: datetime, by: Actor) -> None:
    """Remember what became of a run."""
    del by
    BillingRun.objects.filter(pk=run.pk).update(
        finished_at=at,
        accounts_billed=sum(len(chunk.accounts) for chunk in chunks),
        documents_issued=sum(len(chunk.outcome.documents) for chunk in chunks),
        accounts_parked=sum(len(chunk.outcome.parked) for chunk in chunks),
    )


def _look_for_what_is_due(at: datetime) -> None:
    last = BillingRun.objects.order_by("-started_at").values_list("started_at", flat=True).first()
    bring_forward(since=last - IN_FLIGHT if last else datetime.min.replace(tzinfo=UTC), at=at)


def _bill_or_park(held: Held, *, through: date | None, at: datetime, by: Actor) -> Outcome:
    """Bill accounts together; if that fails, each half by itself, down to the one that fails: it is parked."""
    if not held:
        return Outcome()
    try:
        with transaction.atomic():
            return _bill(held, through=through, at=at, by=by)
    except (OperationalError, InterfaceError):
        raise  # the database is away, or wants the transaction again: no account is to blame
    except Exception as problem:  # noqa: BLE001 -- whatever is wrong with one account, the others go on
        if len(held) > 1:
            half = len(held) // 2
            return _bill_or_park(held[:half], through=through, at=at, by=by) + _bill_or_park(
                held[half:], through=through, at=at, by=by
            )
        [billing] = held
        account = billing.account
        if not isinstance(problem, Refused):
            _log.exception("billing of %s failed", account.serial_number)
        because = str(problem) if isinstance(problem, Refused) else f"{type(problem).__name__}: {problem}"
        park(billing=billing, because=because, at=at, by=by)
        return Outcome(parked=((account.serial_number, because),))


def _bill(held: Held, *, through: date | None, at: datetime, by: Actor) -> Outcome:
    due = find_due(held, through=through, at=at, by=by)
    waiting = find_out_of_bounds(due)
    if waiting:
        due = [
            of_one.until(waiting[of_one.account.pk].draft) if of_one.account.pk in waiting else of_one
            for of_one in due
        ]
    documents = issue_due(due, at=at, by=by)
    parked = []
    for billing in held if waiting else ():
        if out := waiting.get(billing.account_id):
            keep_waiting(billing=billing, draft=out.draft, because=out.because, at=at, by=by)
            parked.append((billing.account.serial_number, out.because))
    return Outcome(tuple(documents), tuple(parked))
