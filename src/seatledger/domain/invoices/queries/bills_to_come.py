"""The next bill of a provider that is billed for its customers: read, rated and shared out as the billing will do it.

A page may not read what customers agreed, except at the door that the database keeps for this (`boundary.ONE_BILL`),
where nothing can be changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.drafts import Draft, draft_charges
from seatledger.domain.invoices.models import AccountBilling, OneBill
from seatledger.domain.invoices.one_bills import Agreed, pays_for, share_out
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.rating import AccountFacts, Due, rate, rate_next
from seatledger.domain.invoices.reading import read_facts
from seatledger.domain.invoices.taxed import read_taxed
from seatledger.domain.subscriptions.actions import apply_due_changes
from seatledger.domain.subscriptions.models import Change
from seatledger.engine.days import day_of, start_of_day
from seatledger.shared.boundary import ONE_BILL, as_account, through_door

# After so many documents of a customer's own, nothing of it is looked for on the provider's next one.
_TRIES = 3
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WhoPays:
    """Who is billed for a provider's customers on a day: the provider for all (`is_one`), or each customer itself.

    `since` is the first day of the agreement in force, `until` the day from which customers are billed themselves again;
    `begins_on` and `begins_until` are those of one to come. Each counts for the periods that begin then.
    """

    is_one: bool
    since: date | None = None
    until: date | None = None
    begins_on: date | None = None
    begins_until: date | None = None


def find_who_pays(provider: Account, *, on: date) -> WhoPays:
    """Return who is billed for the provider's customers on a day, and what of it changes."""
    agreed = list(OneBill.objects.filter(account=provider).order_by("from_on"))
    agreed = [one for one in agreed if one.until_on is None or on < one.until_on]
    current = next((one for one in agreed if one.from_on <= on), None)
    coming = next((one for one in agreed if one.from_on > on), None)
    return WhoPays(
        is_one=current is not None,
        since=current.from_on if current else None,
        until=current.until_on if current else None,
        begins_on=coming.from_on if coming else None,
        begins_until=coming.until_on if coming else None,
    )


def is_billed_for_customers(account: Account) -> bool:
    """Say whether periods of its customers are, were or will be billed to the account."""
    return account.is_provider and OneBill.objects.filter(account=account).exists()


def preview_bill_for_all(provider: Account, *, at: datetime) -> Draft | None:
    """Return a provider's next document with what its customers' periods come to, or None when nothing is to come.

    Raises NoSeller and TaxRuleMissing when it is not known who sells or at which tax.
    """
    agreed = {provider.pk: list(OneBill.objects.filter(account=provider).order_by("from_on"))}
    with transaction.atomic(), through_door(ONE_BILL):
        held = [_billing_of(provider), *_members(provider, agreed)]
        waiting = _changes_to_come([billing.account_id for billing in held])
        due = [
            (billing.account, tuple(_due_of(billing, facts, agreed, waiting.get(billing.account_id), at)))
            for billing, facts in zip(held, read_facts(held), strict=True)
        ]
        documents = share_out(due, agreed).get(provider.pk, ())
        if not documents:
            return None
        first, customers = documents[0]
        return draft_charges(
            first.charges,
            on=first.on,
            currency=provider.currency,
            parties=parties_of(provider),
            taxed=read_taxed(first.charges),
            customers=customers,
        )


def _billing_of(account: Account) -> AccountBilling:
    billing = AccountBilling.objects.filter(account=account).first() or AccountBilling()
    billing.account = account
    return billing


def _members(provider: Account, agreed: Agreed) -> list[AccountBilling]:
    """Return the rows of the customers that are billed with the provider; who waits for a person is not."""
    currencies = {one.currency for one in agreed[provider.pk]}
    accounts = Account.objects.filter(provider=provider, currency__in=currencies).order_by("id")
    known = AccountBilling.objects.in_bulk([account.pk for account in accounts])
    rows = []
    for account in accounts:
        billing = known.get(account.pk) or AccountBilling()
        if billing.parked_at is None:
            billing.account = account
            rows.append(billing)
    return rows


def _due_of(
    billing: AccountBilling, facts: AccountFacts, agreed: Agreed, changes_at: datetime | None, at: datetime
) -> Iterator[Due]:
    """Yield what is due of an account by now, and what follows, as far as the first that the provider pays.

    `changes_at` is when the first of what is agreed and still to be done counts, if there is any.
    """
    account = billing.account
    after = _begins_after(account, agreed, at)
    due: Sequence[Due] = rate(facts, through=after).due
    yield from due
    if _is_paid(account, due, agreed):
        return
    for _ in range(_TRIES):
        following = rate_next(facts, after=after)
        if following and changes_at and changes_at <= _begin_of(following.on, account):
            following = _follow_changes(billing, after, following.on)
        if following is None:
            return
        yield following
        if _is_paid(account, [following], agreed):
            return
        after = following.on


def _begins_after(account: Account, agreed: Agreed, at: datetime) -> date:
    """Return the account's today, or the last day before the provider pays for its customers, if that is later."""
    today = day_of(at, ZoneInfo(account.time_zone))
    if account.provider_id is None:
        return today
    return max(today, *(one.from_on - _ONE_DAY for one in agreed[account.provider_id]))


def _is_paid(account: Account, due: Sequence[Due], agreed: Agreed) -> bool:
    payer = account.provider_id or account.pk
    return any(pays_for(account, charge, agreed) == payer for each in due for charge in each.charges)


def _changes_to_come(account_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return, by account, when the first of what is agreed and still to be done counts."""
    rows = Change.objects.filter(account__in=account_ids, applied_at__isnull=True).order_by()
    return dict(rows.values("account").annotate(first=Min("effective_at")).values_list("account", "first"))


def _begin_of(day: date, account: Account) -> datetime:
    return start_of_day(day, ZoneInfo(account.time_zone))


def _follow_changes(billing: AccountBilling, after: date, day: date) -> Due | None:
    """Return what is due first after a day with what will be done by `day`: it is done, looked at, and undone."""
    account = billing.account
    with transaction.atomic():
        with as_account(account.pk):
            apply_due_changes(account=account, at=_begin_of(day, account), by=Actor.system())
        [facts] = read_facts([billing])
        following = rate_next(facts, after=after)
        transaction.set_rollback(True)
    return following
