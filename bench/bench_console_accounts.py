"""The console's list of accounts among 300,000: by words, serial number, address, state and date, near and far."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction
from large import run_with
from measuring import (
    DatabaseTime,
    database_quartiles_ms,
    database_time,
    hold,
    own_database,
    run_sql,
    without_chain,
)

from seatledger.domain.staff.queries.accounts import (
    AccountKey,
    AccountSearch,
    find_accounts_for_operator,
)
from seatledger.domain.staff.queries.states import AccountState
from seatledger.shared.boundary import bind_staff, unbind
from support import given_licence_type

ACCOUNTS = 300_000
MOST_MS = 50
ROWS = 51
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

WORDS = "Harbour Cedar North Silver Kestrel Maple Orchard Summit Lantern Juniper".split()  # noqa: SIM905 -- a list of words
KINDS = "Ltd GmbH Partners Group Clinic Logistics School".split()  # noqa: SIM905 -- the same
_ACCOUNTS = """
INSERT INTO accounts_account (id, serial_number, name, kind, region, currency, time_zone, locale, opened_at, closed_at)
SELECT md5('account ' || n)::uuid, 'EU-' || upper(substr(md5(n::text), 1, 4)) || '-' || lpad(to_hex(n), 6, '0'),
       (%(words)s::text[])[n * 7 %% 10 + 1] || ' ' || initcap(substr(md5('name ' || n), 1, 7)) || ' ' || (%(kinds)s::text[])[n %% 7 + 1],
       CASE WHEN n %% 1000 = 160 THEN 'provider' ELSE 'customer' END, 'eu', 'GBP', 'Europe/London', 'en-GB', '2026-01-05 09:00+00',
       CASE WHEN n %% 1000 BETWEEN 100 AND 149 THEN '2026-11-20 09:00+00'::timestamptz END
FROM generate_series(1, %(accounts)s) n
"""
# Of a thousand accounts 40 are on trial, 60 expired, 50 closed; two are being closed, one is a provider, one has no licences. One trial each
# ends without a successor in each month.
_POOLS = """
INSERT INTO licences_pool (id, account_id, licence_type_id, terms, assigned_licences, counts_active_users, opened_at, expires_on)
SELECT gen_random_uuid(), md5('account ' || n)::uuid, kind.id,
       CASE WHEN n %% 1000 < 40 THEN 'trial' WHEN n %% 1000 = 170 THEN 'included' ELSE 'paid' END, n %% 90, kind.key = 'bench-0', '2026-01-05 09:00+00',
       CASE WHEN n %% 1000 < 40 THEN '2026-11-23'::date + n %% 30
            WHEN n %% 1000 < 150 THEN '2026-11-20'::date - n %% 300
            WHEN n %% 3 = 0 THEN NULL ELSE '2026-11-23'::date + n %% 360 END
FROM generate_series(1, %(accounts)s) n, catalogue_licencetype kind WHERE kind.key LIKE 'bench-%%'
"""
_USERS = """
INSERT INTO people_user (id, account_id, email, first_name, last_name, phone, is_active, password, added_at)
SELECT gen_random_uuid(), md5('account ' || n)::uuid,
       CASE seat WHEN 1 THEN 'info' ELSE (ARRAY['ada', 'ben'])[seat - 1] || '.' || substr(md5('name ' || n), 1, 7) || n END || '@' || substr(md5('host ' || n), 1, 16) || '.example',
       'Ada', 'Quist', '', true, '!', '2026-01-05 09:00+00'
FROM generate_series(1, %(accounts)s) n, generate_series(1, 3) seat
"""
_BILLING = """
INSERT INTO invoices_accountbilling (account_id, next_on, billed_on, parked_at, parked_because)
SELECT md5('account ' || n)::uuid,
       CASE WHEN n %% 1000 NOT BETWEEN 100 AND 149 THEN '2026-11-23'::date + n %% 360 END, '2026-11-01',
       CASE WHEN n %% 20000 = 0 THEN '2026-11-20 09:00+00'::timestamptz END, CASE WHEN n %% 20000 = 0 THEN 'no seller' ELSE '' END
FROM generate_series(1, %(accounts)s) n
"""
_CLOSURES = """
INSERT INTO closures_closure
  (id, account_id, state, requested_at, takes_effect_at, held_up_by, closed_at, erase_at, erase_by)
SELECT gen_random_uuid(), a.id, CASE WHEN a.closed_at IS NULL THEN 'scheduled' ELSE 'closed' END, '2026-11-01 09:00+00',
       '2026-11-20 09:00+00', '', a.closed_at, a.closed_at + interval '20 days', a.closed_at + interval '30 days'
FROM generate_series(1, %(accounts)s) n JOIN accounts_account a ON a.id = md5('account ' || n)::uuid
WHERE a.closed_at IS NOT NULL OR n %% 1000 IN (150, 151)
"""


def fill() -> None:
    for number in range(2):
        given_licence_type(f"bench-{number}", charge_model="active")
    with without_chain("accounts_account"):
        for statement in (_ACCOUNTS, _POOLS, _USERS, _BILLING, _CLOSURES):
            run_with(statement, {"accounts": ACCOUNTS, "words": WORDS, "kinds": KINDS})
    run_sql("VACUUM ANALYZE")


def question(wanted: AccountSearch, after: AccountKey | None = None) -> Callable[[], DatabaseTime]:
    """Return a measured form of what a member of staff asks."""

    def ask() -> DatabaseTime:
        with transaction.atomic():
            bind_staff()
            spent = database_time(lambda: find_accounts_for_operator(wanted, after=after, limit=ROWS, at=NOW))
            unbind()
        return spent

    return ask


def main() -> None:
    fill()
    far, far_day = ("orchard", UUID(int=0)), ("2027-08-01", UUID(int=0))
    questions = {
        "the first page": question(AccountSearch()),
        "a page far behind": question(AccountSearch(), far),
        "the beginning of a rare word": question(AccountSearch("a1b2")),
        "a word of 30,000 names": question(AccountSearch("kestrel")),
        "two words, each of 30,000 names": question(AccountSearch("group kest")),
        "one letter": question(AccountSearch("k")),
        "a serial number's beginning": question(AccountSearch("eu-a1b")),
        "an address": question(AccountSearch("ada.a1b2c3d@")),
        "the beginning of 300,000 addresses": question(AccountSearch("info@")),
        "a domain": question(AccountSearch("@a1b2")),
        **{f"state: {state.label}": question(AccountSearch(state=state)) for state in AccountState},
        **{
            f"state: {state.label}, far behind": question(AccountSearch(state=state), far)
            for state in AccountState
        },
        "on trial, with a word": question(AccountSearch("cedar", state=AccountState.TRIAL)),
        "closed, with a word": question(AccountSearch("cedar", state=AccountState.CLOSED)),
        "closed, with a domain": question(AccountSearch("@a1b2", state=AccountState.CLOSED)),
        "due within a month": question(AccountSearch(due_from=date(2026, 12, 1), due_to=date(2026, 12, 31))),
        "due, far behind": question(AccountSearch(due_from=date(2026, 12, 1)), far_day),
        "due, active": question(AccountSearch(state=AccountState.ACTIVE, due_from=date(2026, 12, 1))),
        "due, on trial": question(AccountSearch(state=AccountState.TRIAL, due_from=date(2026, 12, 1))),
        "due, on trial, far behind": question(
            AccountSearch(state=AccountState.TRIAL, due_from=date(2026, 12, 1)), far_day
        ),
        "due, active, with a word": question(
            AccountSearch("cedar", state=AccountState.ACTIVE, due_from=date(2026, 12, 1))
        ),
        **{
            f"due, {state.label.lower()}": question(AccountSearch(state=state, due_from=date(2026, 12, 1)))
            for state in AccountState
            if state not in {AccountState.ACTIVE, AccountState.TRIAL}
        },
        "due up to a day, closed": question(
            AccountSearch(state=AccountState.CLOSED, due_to=date(2027, 12, 31))
        ),
    }
    for name, spent in zip(questions, database_quartiles_ms(*questions.values(), rounds=10), strict=True):
        hold(name, spent, MOST_MS, "ms")


if __name__ == "__main__":
    with own_database():
        main()
