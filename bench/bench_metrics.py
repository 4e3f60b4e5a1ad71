"""Licence metrics of an account with 100,000 users, beside one with 1,000: the same counters, the same cost."""

from large import large_account
from measuring import asked_by, database_quartiles_ms, hold, own_database, quartiles_ms, run_sql, show

from seatledger.domain.licences.queries import get_licence_metrics, list_pools

MOST_MS = 2.0
MOST_TIMES = 1.5

_COUNTED = """
SELECT count(*) FROM licences_pool p WHERE p.assigned_licences <>
  (SELECT count(*) FROM licences_assignment a WHERE a.pool_id = p.id AND a.released_at IS NULL)
"""
_COUNTING = """
SELECT pool_id, count(*) FROM licences_assignment WHERE account_id = %s AND released_at IS NULL GROUP BY pool_id
"""


def main() -> None:
    small, big = large_account("Thousand", users=1_000), large_account("Hundred", users=100_000)
    pools = len(list_pools(big))

    ask_small = asked_by(small, lambda: get_licence_metrics(small))
    ask_big = asked_by(big, lambda: get_licence_metrics(big))
    small_ms, big_ms = database_quartiles_ms(ask_small, ask_big)
    show("1,000 users: database time", small_ms)
    hold("100,000 users: database time", big_ms, MOST_MS, "ms")
    hold("100,000 users / 1,000 users", big_ms / small_ms, MOST_TIMES)
    hold(f"queries, for {pools} pools", ask_big().queries, pools)
    [counting_ms] = quartiles_ms(lambda: run_sql(_COUNTING, big.pk), rounds=5)
    show("beside it: counting the rows of 100,000 users", counting_ms)
    hold("pools whose counter differs from its rows", run_sql(_COUNTED)[0][0], 0)


if __name__ == "__main__":
    with own_database():
        main()
