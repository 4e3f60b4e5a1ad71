"""Assigning a licence: the same cost in an account of 50,000 users as of 1,000, and beside it the naive way."""

from datetime import timedelta

from django.db import transaction
from large import a_pool, large_account
from measuring import hold, own_database, quartiles_ms, show

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Assignment, Pool
from seatledger.domain.people.models import User
from support import AT, STAFF

MOST_TIMES = 1.5
ROUNDS = 40


def main() -> None:
    small, big = large_account("Thousand", users=1_000), large_account("Fifty", users=50_000)
    small_next, big_next = Assigner(small), Assigner(big)
    small_ms, big_ms, naive_ms = quartiles_ms(
        small_next.assign, big_next.assign, big_next.assign_naively, rounds=ROUNDS
    )
    show("1,000 users: one assignment with ledger and event", small_ms)
    show("50,000 users: one assignment with ledger and event", big_ms)
    hold("50,000 users / 1,000 users", big_ms / small_ms, MOST_TIMES)
    show("beside it: lock, count the rows, insert (no ledger, no event)", naive_ms)


class Assigner:
    """Gives licences of one pool to users who have none, one after the other."""

    def __init__(self, account: Account) -> None:
        self.pool = a_pool(account)
        held = Assignment.objects.filter(pool=self.pool).values("user")
        self.users = iter(User.objects.filter(account=account).exclude(pk__in=held)[: 4 * ROUNDS])
        self.at = AT

    def assign(self) -> None:
        self.at += timedelta(seconds=1)
        assign_licence(pool=self.pool, user=next(self.users), at=self.at, by=STAFF)

    @transaction.atomic
    def assign_naively(self) -> None:
        pool = Pool.objects.select_for_update().get(pk=self.pool.pk)
        if Assignment.objects.filter(pool=pool, released_at__isnull=True).count() < (
            pool.total_licences or 0
        ):
            Assignment.objects.create(
                account=pool.account, pool=pool, user=next(self.users), source="manual", assigned_at=self.at
            )


if __name__ == "__main__":
    with own_database():
        main()
