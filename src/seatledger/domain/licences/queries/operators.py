"""Questions the vendor's staff ask across accounts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries.pools import today_of, type_of_account


@dataclass(frozen=True)
class AccountLine:
    """One account as the operator's list shows it."""

    account: Account
    account_type: AccountType
    active_users: int


def list_accounts_for_operator(at: datetime) -> list[AccountLine]:
    """Return every account by name, with what it is at `at` and how many of its users are active."""
    accounts = list(Account.objects.select_related("provider").order_by("name", "serial_number"))
    pools = defaultdict(list)
    for pool in Pool.objects.only(
        "account_id", "terms", "expires_on", "assigned_licences", "counts_active_users"
    ):
        pools[pool.account_id].append(pool)
    return [_line(account, pools[account.pk], at) for account in accounts]


def _line(account: Account, pools: list[Pool], at: datetime) -> AccountLine:
    held = [(pool.terms, pool.expires_on) for pool in pools]
    active = sum(pool.assigned_licences for pool in pools if pool.counts_active_users)
    return AccountLine(account, type_of_account(account, held, today=today_of(account, at)), active)
