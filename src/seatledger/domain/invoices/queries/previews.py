"""What an account will be charged: the same rating as the billing's, made earlier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.drafts import Draft, draft_charges
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.one_bills import pays_by_itself
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.queries.bills_to_come import is_billed_for_customers, preview_bill_for_all
from seatledger.domain.invoices.rating import AccountFacts, Due, rate, rate_next
from seatledger.domain.invoices.reading import read_facts
from seatledger.domain.invoices.taxed import read_taxed
from seatledger.domain.subscriptions.actions import apply_due_changes
from seatledger.domain.subscriptions.models import Change
from seatledger.engine.days import day_of, start_of_day


@dataclass(frozen=True, slots=True)
class Preview:
    """What is due by now and not billed yet, a document a day, and the one that follows if nothing more happens."""

    due: tuple[Draft, ...]
    following: Draft | None


def preview_next(account: Account, *, at: datetime) -> Draft | None:
    """Return the account's next document if nothing more happens; None when nothing is to come, or its provider is billed.

    A provider's has what its customers' periods come to, where it is billed for them.
    Raises NoSeller and TaxRuleMissing when it is not known who sells or at which tax.
    """
    if not pays_by_itself(account):
        return None
    if is_billed_for_customers(account):
        return preview_bill_for_all(account, at=at)
    preview = _preview(account, at)
    return preview.due[0] if preview.due else preview.following


def preview_after(account: Account, change: Callable[[], object], *, at: datetime) -> Preview:
    """Return what an account will be charged once `change` was made: it is made, looked at, and undone.

    So a purchase, another plan or an end is priced by the very code that will do it, and is refused by it too: what
    `change` raises is raised here. Raises what `preview_next` raises.
    """
    with transaction.atomic():
        change()
        preview = _preview(account, at)
        transaction.set_rollback(True)
    return preview


def _preview(account: Account, at: datetime) -> Preview:
    today = day_of(at, ZoneInfo(account.time_zone))
    facts = _facts_of(account)
    due = rate(facts, through=today).due
    following = rate_next(facts, after=today)
    if following and _is_changed_by(account, following.on):
        following = _follow_changes(account, today, following.on)
    return Preview(
        tuple(_draft(account, each) for each in due), _draft(account, following) if following else None
    )


def _facts_of(account: Account) -> AccountFacts:
    billing = AccountBilling.objects.filter(account=account).first() or AccountBilling()
    billing.account = account
    [facts] = read_facts([billing])
    return facts


def _draft(account: Account, due: Due) -> Draft:
    return draft_charges(
        due.charges,
        on=due.on,
        currency=account.currency,
        parties=parties_of(account),
        taxed=read_taxed(due.charges),
    )


def _is_changed_by(account: Account, day: date) -> bool:
    """Say whether something is agreed that counts by the beginning of a day and is still to be done."""
    begins_at = start_of_day(day, ZoneInfo(account.time_zone))
    return Change.objects.filter(
        account=account, applied_at__isnull=True, effective_at__lte=begins_at
    ).exists()


def _follow_changes(account: Account, today: date, day: date) -> Due | None:
    """Return what is due first after `today` with what will be done by `day`: it is done, looked at, and undone."""
    with transaction.atomic():
        apply_due_changes(
            account=account, at=start_of_day(day, ZoneInfo(account.time_zone)), by=Actor.system()
        )
        following = rate_next(_facts_of(account), after=today)
        transaction.set_rollback(True)
    return following
