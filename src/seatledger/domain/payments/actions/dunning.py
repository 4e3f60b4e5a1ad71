"""Asking an account again and again for an invoice that it did not pay, by the schedule of the settings.

Each step tries to charge the default method again, or only reminds where there is none that a gateway could charge.
"""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account, mark_restored
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.payments.happenings import AccountRestored, DunningBegun, DunningEnded, DunningStepped
from seatledger.domain.payments.models import Dunning, DunningEnd
from seatledger.domain.payments.schedule import count_steps, next_step_at


@transaction.atomic
def begin_or_step(*, invoice: Document, step: bool, at: datetime, by: Actor) -> Dunning | None:
    """Begin to ask for what is open of an invoice, or go one step on; None when nothing is open.

    `step` says whether an attempt of the schedule failed: another's failure begins the asking, and does not hasten it.
    """
    account = lock_account(invoice.account)
    if not Issue.objects.get(document=invoice).open_minor:
        return None
    dunning = Dunning.objects.filter(invoice=invoice, ended_at__isnull=True).first()
    if dunning is None:
        dunning = Dunning.objects.create(
            account=account, invoice=invoice, begun_at=at, next_at=next_step_at(0, at)
        )
        record(DunningBegun(dunning.pk, invoice.pk), account=account, at=at, by=by)
    elif step:
        step_on(dunning=dunning, at=at, by=by)
    return dunning


@transaction.atomic
def step_on(*, dunning: Dunning, at: datetime, by: Actor) -> None:
    """Count a step of a dunning whose time had come as done, and say when the next is due."""
    if dunning.next_at is None or dunning.next_at > at or dunning.steps_done >= count_steps():
        return
    dunning.steps_done += 1
    dunning.next_at = next_step_at(dunning.steps_done, at)
    dunning.save(update_fields=["steps_done", "next_at"])
    stepped = DunningStepped(dunning.pk, dunning.invoice_id, dunning.steps_done)
    record(stepped, account=dunning.account, at=at, by=by)


@transaction.atomic
def stop_dunning(*, dunning: Dunning, at: datetime, by: Actor) -> None:
    """Stop asking for an invoice, though it is open: staff look after it. An account that lapsed for it is restored."""
    lock_account(dunning.account)
    running = Dunning.objects.filter(pk=dunning.pk, ended_at__isnull=True).select_related("account").first()
    if running:
        _end(running, DunningEnd.STOPPED, at=at, by=by)


@transaction.atomic
def end_what_is_paid(*, account: Account, at: datetime, by: Actor) -> None:
    """Stop asking for the account's invoices of which nothing is open any more, however that came about.

    Whatever settles invoices in this room calls it; a job finds those that were settled in other ways.
    """
    account = lock_account(account)
    running = Dunning.objects.filter(account=account, ended_at__isnull=True)
    for dunning in running.filter(invoice__issue__open_minor=0):
        _end(dunning, DunningEnd.PAID, at=at, by=by)


def _end(dunning: Dunning, end: DunningEnd, *, at: datetime, by: Actor) -> None:
    """Stop asking; an account that had lapsed is restored once nothing is left that it had lapsed for."""
    account = dunning.account
    dunning.ended_at, dunning.end, dunning.next_at = at, end, None
    dunning.save(update_fields=["ended_at", "end", "next_at"])
    record(DunningEnded(dunning.pk, dunning.invoice_id, end.value), account=account, at=at, by=by)
    lapsed = Dunning.objects.filter(account=account, ended_at__isnull=True, lapsed_at__isnull=False)
    if not lapsed.exists() and mark_restored(account=account, at=at, by=by):
        record(AccountRestored(dunning.invoice_id), account=account, at=at, by=by)
