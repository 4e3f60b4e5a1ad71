"""What row-level security costs: the questions of a page behind their policies, and without them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from large import a_pool, fill_ledger, large_account
from measuring import (
    DatabaseTime,
    as_owner,
    as_web,
    database_quartiles_ms,
    database_time,
    hold,
    own_database,
    show,
)

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.queries import (
    HistoryFilter,
    count_active_users,
    get_licence_metrics,
    list_history,
    list_holders,
)
from seatledger.domain.people.queries import UserFilter, list_roles, list_users

MOST_TIMES = 1.5

Role = Callable[[Account], AbstractContextManager[None]]


def main() -> None:
    account = large_account("Wall", users=20_000)
    fill_ledger(account, entries=50_000)
    pool = a_pool(account)

    def within(role: Role, page: Callable[[], object]) -> DatabaseTime:
        with role(account):
            return database_time(page)

    def users_page() -> None:
        list_users(account, UserFilter())
        count_active_users(account)
        list_roles(account)

    pages: dict[str, Callable[[], object]] = {
        "Users": users_page,
        "Licence metrics": lambda: get_licence_metrics(account),
        "Licence history": lambda: list_history(account, HistoryFilter()),
        "Holders of a pool": lambda: list_holders(account, pool),
    }
    with_sum = without_sum = 0.0
    for name, page in pages.items():
        with_ms, without_ms = database_quartiles_ms(
            lambda page=page: within(as_web, page), lambda page=page: within(as_owner, page)
        )
        show(f"{name}: without policies", without_ms)
        show(f"{name}: behind policies", with_ms)
        with_sum, without_sum = with_sum + with_ms, without_sum + without_ms

    hold("all of them: behind / without", with_sum / without_sum, MOST_TIMES)


if __name__ == "__main__":
    with own_database():
        main()
