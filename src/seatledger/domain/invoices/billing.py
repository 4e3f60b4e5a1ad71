"""The billing of accounts that are held: read, rate, write. The same for one account as for a thousand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.drafts import Draft, StoredDraft, draft_charges
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.one_bills import Agreed, hold_members, is_all_its_own, read_agreed, share_out
from seatledger.domain.invoices.parties import NoSeller, Parties, read_parties_for_operator
from seatledger.domain.invoices.rating import Due, Rated, Rater
from seatledger.domain.invoices.reading import read_facts
from seatledger.domain.invoices.taxed import Taxed, read_taxed
from seatledger.domain.invoices.writing import issue_stored, store_drafts
from seatledger.domain.subscriptions.actions import apply_due_changes
from seatledger.engine.days import day_of
from seatledger.shared.arrays import date_array, uuid_array

# The accounts are said once more, or all that there are would be read to find these.
_MOVE = """
UPDATE invoices_accountbilling AS stored
SET next_on = now.next_on, billed_on = now.billed_on, reopened_on = NULL
FROM unnest(%(accounts)s::uuid[], %(next)s::date[], %(billed)s::date[]) AS now (account_id, next_on, billed_on)
WHERE stored.account_id = now.account_id AND stored.account_id = ANY(%(accounts)s::uuid[])
"""

_WAITING = """
SELECT DISTINCT account_id FROM subscriptions_change
WHERE account_id = ANY(%s::uuid[]) AND applied_at IS NULL AND effective_at <= %s
"""

# The rows that say when accounts are billed, each with its account; the caller holds them.
Held = Sequence[AccountBilling]


class DueOfAccount(NamedTuple):
    """What is due of one account: its documents to be, oldest first, and when it is billed next.

    `is_for_customers` says that some of it is a provider's customers', who are billed with it.
    """

    account: Account
    drafts: tuple[Draft, ...]
    rated: Rated
    billed_before: date | None
    is_for_customers: bool = False

    def until(self, draft: Draft) -> "DueOfAccount":
        """Return what is due before `draft`, which is one of these, and that the account is due again on its day."""
        drafts = self.drafts[: self.drafts.index(draft)]
        billed_on = drafts[-1].dated_on if drafts else self.billed_before
        return self._replace(drafts=drafts, rated=Rated((), billed_on, draft.dated_on))


def bill_held(held: Held, *, through: date | None, at: datetime, by: Actor) -> list[StoredDraft]:
    """Issue what is due of accounts whose rows the caller holds; what was scheduled is done before."""
    due = find_due(held, through=through, at=at, by=by)
    return issue_due(due, at=at, by=by)


def find_due(held: Held, *, through: date | None, at: datetime, by: Actor) -> list[DueOfAccount]:
    """Do what is scheduled and return what is due: up to `through`, and never beyond an account's own today.

    Raises NoSeller and TaxRuleMissing.
    """
    members = hold_members(held)
    held = [*held, *members]
    _apply_due_changes([billing.account for billing in held], at=at, by=by)
    rater = Rater()
    rated = [rater.rate(facts, through=_last_day(facts.zone, through, at)) for facts in read_facts(held)]
    agreed = read_agreed([billing.account for billing in held])
    with_provider = {billing.account_id for billing in members}
    # What a provider pays waits until it is billed with all its customers, and what is due beside it waits along.
    ready = [
        (billing, of_one)
        for billing, of_one in zip(held, rated, strict=True)
        if not agreed
        or billing.account_id in with_provider
        or is_all_its_own(billing.account, of_one.due, agreed)
    ]
    return _draft(ready, agreed)


def issue_due(due: Sequence[DueOfAccount], *, at: datetime, by: Actor) -> list[StoredDraft]:
    """Store and issue documents, and remember when each account was billed and is billed next."""
    stored = store_drafts([draft for of_one in due for draft in of_one.drafts], at=at)
    issue_stored(stored, at=at, by=by)
    moved = {
        "accounts": uuid_array(of_one.account.pk for of_one in due),
        "next": date_array(of_one.rated.next_on for of_one in due),
        "billed": date_array(of_one.rated.billed_on for of_one in due),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, moved)
    return stored


def _apply_due_changes(accounts: Collection[Account], *, at: datetime, by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [uuid_array(account.pk for account in accounts), at])
        account_ids = {account_id for (account_id,) in cursor.fetchall()}
    if account_ids:
        for account in accounts:
            if account.pk in account_ids:
                apply_due_changes(account=account, at=at, by=by)


def _draft(held: Sequence[tuple[AccountBilling, Rated]], agreed: Agreed) -> list[DueOfAccount]:
    shares = share_out([(billing.account, rated.due) for billing, rated in held], agreed)
    charged = [billing.account for billing, _ in held if shares.get(billing.account_id)]
    parties = read_parties_for_operator(charged)
    if len(parties) < len(charged):
        raise NoSeller("Nobody is known who sells. Apply a file that says so: seatledger seller apply FILE.")
    taxed = read_taxed([charge for _, rated in held for due in rated.due for charge in due.charges])
    return [
        DueOfAccount(
            billing.account,
            tuple([_draft_due(due, parties[billing.account_id], taxed, customers) for due, customers in own]),
            rated,
            billing.billed_on,
            any(customers for _, customers in own),
        )
        for billing, rated in held
        for own in [shares.get(billing.account_id, ())]
    ]


def _draft_due(due: Due, parties: Parties, taxed: Taxed, customers: Mapping[str, str]) -> Draft:
    return draft_charges(
        due.charges,
        on=due.on,
        currency=parties.account.currency,
        parties=parties,
        taxed=taxed,
        customers=customers,
    )


def _last_day(zone: ZoneInfo, through: date | None, at: datetime) -> date:
    today = day_of(at, zone)
    return today if through is None else min(through, today)
