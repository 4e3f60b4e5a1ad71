"""The closing itself: announced, claimed at one instant, then carried out step by step, each whole and once."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.contacts import keep_contacts
from seatledger.domain.closures.dates import ERASED_AFTER, ERASED_WITHIN
from seatledger.domain.closures.happenings import AccountClosed, ClosureAnnounced
from seatledger.domain.closures.models import Closure, ClosureContact, ClosureState, StepKind
from seatledger.domain.closures.refusals import TooLate
from seatledger.domain.closures.steps import check_customers, hold_closure, is_taken, take_step
from seatledger.domain.closures.telling import tell_contacts
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.one_bills import provider_billed_for
from seatledger.domain.licences.actions import end_pools, remove_everybody
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.payments.actions import remove_all_methods
from seatledger.domain.payments.actions.charges import PaymentUnderWay
from seatledger.domain.payments.actions.collecting import collect_invoice
from seatledger.domain.payments.queries.collecting import has_payment_under_way, list_to_collect
from seatledger.domain.subscriptions.actions import (
    apply_due_changes,
    cancel_subscription,
    remove_all_domains,
)
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.engine.days import day_of


@transaction.atomic
def announce(*, closure: Closure, at: datetime, by: Actor) -> bool:
    """Tell everybody concerned that the closing is about to begin. Returns False when that was done already."""
    account, closure = hold_closure(closure)
    scheduled = Closure.objects.filter(pk=closure.pk, state=ClosureState.SCHEDULED)
    if not scheduled.update(state=ClosureState.NOTIFIED):
        return False
    contacts = keep_contacts(closure, account)
    tell_contacts(closure, account, contacts, MessageKind.CLOSURE_ANNOUNCED, at=at)
    take_step(closure, StepKind.NOTIFIED, at=at, by=by)
    record(ClosureAnnounced(closure.pk, closure.takes_effect_at), account=account, at=at, by=by)
    return True


@transaction.atomic
def claim(*, closure: Closure, at: datetime, by: Actor) -> bool:
    """Begin the closing, when its instant has come: from here on nothing is withdrawn. Returns whether this call did.

    One conditional UPDATE decides between this and a withdrawal at the same moment. Raises HasCustomers for a provider
    that has got some since it asked.
    """
    account, closure = hold_closure(closure)
    check_customers(account)
    ready = Closure.objects.filter(pk=closure.pk, state=ClosureState.NOTIFIED, takes_effect_at__lte=at)
    if not ready.update(state=ClosureState.CLOSING, held_up_by=""):
        return False
    keep_contacts(closure, account)
    take_step(closure, StepKind.BEGUN, at=at, by=by)
    return True


@transaction.atomic
def take_closing_step(*, closure: Closure, kind: StepKind, at: datetime, by: Actor) -> None:
    """Do one step of a closing that has begun, and write it down; nothing when that was done already.

    Raises TooLate unless the closing has begun, and what the step itself refuses.
    """
    account, closure = hold_closure(closure)
    if closure.state == ClosureState.CLOSED or is_taken(closure, kind):
        return
    if closure.state != ClosureState.CLOSING:
        raise TooLate("Only a closing that has begun is carried out.")
    _STEPS[kind](account, at, by)
    take_step(closure, kind, at=at, by=by)


def _end_agreement(account: Account, at: datetime, by: Actor) -> None:
    """End what was agreed, and whatever was planned for later."""
    apply_due_changes(account=account, at=at, by=by)
    agreement = get_agreement(account, at=at)
    if agreement is not None and not agreement.is_over:
        cancel_subscription(
            subscription=agreement.subscription, takes_effect=TakesEffect.AT_ONCE, at=at, by=by
        )
    remove_all_domains(account=account, at=at, by=by)


def _bill(account: Account, at: datetime, by: Actor) -> None:
    """Charge or credit what is left up to the last day: its provider, where that pays for it, and the account itself."""
    for payer in filter(None, (provider_billed_for(account), account)):
        through = day_of(at, ZoneInfo(payer.time_zone))
        bill_account(account=payer, through=through, at=at, by=by)


def _collect(account: Account, at: datetime, by: Actor) -> None:
    """Take what is open by the account's own method, as any other time, for the last time."""
    for invoice in list_to_collect(account):
        collect_invoice(invoice=invoice, at=at, by=by)


def _remove_methods(account: Account, at: datetime, by: Actor) -> None:
    """Forget every method, once no payment by one of them can bring money any more."""
    if has_payment_under_way(account):
        raise PaymentUnderWay("A payment has no answer yet. The closing goes on once it has one.")
    remove_all_methods(account=account, at=at, by=by)


def _end_entitlements(account: Account, at: datetime, by: Actor) -> None:
    end_pools(account=account, reason="The account was closed", at=at, by=by)


def _remove_people(account: Account, at: datetime, by: Actor) -> None:
    remove_everybody(account=account, at=at, by=by)


_STEPS: dict[StepKind, Callable[[Account, datetime, Actor], None]] = {
    StepKind.AGREEMENT_ENDED: _end_agreement,
    StepKind.BILLED: _bill,
    StepKind.COLLECTED: _collect,
    StepKind.METHODS_REMOVED: _remove_methods,
    StepKind.ENTITLEMENTS_ENDED: _end_entitlements,
    StepKind.PEOPLE_REMOVED: _remove_people,
}


@transaction.atomic
def finish_closing(*, closure: Closure, at: datetime, by: Actor) -> bool:
    """Say that it is over, and when the data is erased: within 30 days of the instant it took effect.

    Returns whether it is over.
    """
    account, closure = hold_closure(closure)
    erase_by = closure.takes_effect_at + ERASED_WITHIN
    closing = Closure.objects.filter(pk=closure.pk, state=ClosureState.CLOSING)
    if not closing.update(
        state=ClosureState.CLOSED,
        closed_at=at,
        erase_at=min(at + ERASED_AFTER, erase_by),
        erase_by=erase_by,
        held_up_by="",
    ):
        return closure.state in {ClosureState.CLOSED, ClosureState.ERASED}
    account.closed_at = at
    account.save(update_fields=["closed_at"])
    contacts = list(ClosureContact.objects.filter(closure=closure))
    tell_contacts(closure, account, contacts, MessageKind.CLOSURE_DONE, at=at)
    take_step(closure, StepKind.CLOSED, at=at, by=by)
    record(AccountClosed(closure.pk, erase_by), account=account, at=at, by=by)
    return True
