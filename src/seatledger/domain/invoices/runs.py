"""The billing of accounts that are held: read, rate, write. The same for one account as for a thousand."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.drafts import Draft, draft_charges
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.parties import NoSeller, read_parties_for_operator
from seatledger.domain.invoices.rating import Rated, rate
from seatledger.domain.invoices.reading import read_facts
from seatledger.domain.invoices.writing import issue_stored, store_drafts
from seatledger.engine.days import day_of

_MOVE = """
UPDATE invoices_accountbilling AS stored
SET next_on = now.next_on, billed_on = now.billed_on, reopened_on = NULL
FROM unnest(%s::uuid[], %s::date[], %s::date[]) AS now (account_id, next_on, billed_on)
WHERE stored.account_id = now.account_id
"""


def bill_held(
    held: Mapping[Account, AccountBilling], *, through: date | None, at: datetime, by: Actor
) -> list[UUID]:
    """Issue what is due of accounts whose rows the caller holds, and return the ids of the documents."""
    rated = rate_held(held, through=through, at=at)
    drafts = draft_rated(list(held), rated)
    issued = issue_stored(store_drafts(drafts, at=at), at=at, by=by)
    _move(rated)
    return issued


def rate_held(
    held: Mapping[Account, AccountBilling], *, through: date | None, at: datetime
) -> dict[UUID, Rated]:
    """Return what is due of each account, by its id: up to `through`, and never beyond its own today."""
    last_days = {account.pk: _last_day(account, through, at) for account in held}
    return {facts.account_id: rate(facts, through=last_days[facts.account_id]) for facts in read_facts(held)}


def draft_rated(accounts: list[Account], rated: Mapping[UUID, Rated]) -> list[Draft]:
    """Return the documents of what is due. Raises NoSeller and TaxRuleMissing."""
    charged = [account for account in accounts if rated[account.pk].due]
    parties = read_parties_for_operator(charged)
    if len(parties) < len(charged):
        raise NoSeller("Nobody is known who sells. Apply a file that says so: seatledger seller apply FILE.")
    return [
        draft_charges(due.charges, on=due.on, currency=account.currency, parties=parties[account.pk])
        for account in charged
        for due in rated[account.pk].due
    ]


def _last_day(account: Account, through: date | None, at: datetime) -> date:
    today = day_of(at, ZoneInfo(account.time_zone))
    return today if through is None else min(through, today)


def _move(rated: Mapping[UUID, Rated]) -> None:
    next_on = [each.next_on for each in rated.values()]
    billed_on = [each.billed_on for each in rated.values()]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [list(rated), next_on, billed_on])
