"""Large accounts, made by statements instead of actions: the rows are what the actions would have left."""

from django.db import connection, transaction
from measuring import run_sql, without_chain

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import NewPool
from seatledger.domain.licences.models import Pool
from support import given_account, given_device_type, given_licence_type

USER_TYPES = 9
DEVICES = 100

_USERS = """
INSERT INTO people_user (id, account_id, email, first_name, last_name, phone, is_active, password, added_at)
SELECT gen_random_uuid(), %(account)s, 'user' || n || '@' || %(host)s || '.example',
       (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gita'])[n %% 7 + 1],
       initcap(substr(md5(n::text), 1, 6)), '+44 20 7946 ' || n, true, '!', '2025-01-06 09:00+00'
FROM generate_series(1, %(users)s) n
"""
_ROLES = """
INSERT INTO people_rolegrant (id, account_id, user_id, role_id, granted_at)
SELECT gen_random_uuid(), u.account_id, u.id, r.id, u.added_at
FROM people_user u JOIN people_role r ON r.account_id = u.account_id AND r.built_in = 'billing'
WHERE u.account_id = %(account)s AND right(u.email, 1) = 'e' AND u.phone LIKE '%%5'
"""
_SEATS = """
INSERT INTO licences_assignment (id, account_id, pool_id, user_id, source, assigned_at)
SELECT gen_random_uuid(), p.account_id, p.id, u.id, 'manual', '2025-01-06 09:00+00'
FROM licences_pool p JOIN catalogue_licencetype t ON t.id = p.licence_type_id AND t.held_by = 'user'
JOIN people_user u ON u.account_id = p.account_id
  AND (p.counts_active_users OR abs(hashtext(u.id::text || p.id::text)) %% 3 = 0)
WHERE p.account_id = %(account)s
  AND NOT EXISTS (SELECT FROM licences_assignment a WHERE a.pool_id = p.id AND a.user_id = u.id)
"""
_DEVICES = """
WITH added AS (
  INSERT INTO licences_device (id, account_id, licence_type_id, user_id, name, added_at)
  SELECT gen_random_uuid(), p.account_id, p.licence_type_id,
         (SELECT id FROM people_user WHERE account_id = p.account_id AND email LIKE 'user' || n || '@%%' LIMIT 1),
         'Screen ' || n, '2025-01-06 09:00+00'
  FROM licences_pool p JOIN catalogue_licencetype t ON t.id = p.licence_type_id AND t.held_by = 'device',
       generate_series(1, %(devices)s) n
  WHERE p.account_id = %(account)s
  RETURNING id, account_id, licence_type_id)
INSERT INTO licences_assignment (id, account_id, pool_id, device_id, source, assigned_at)
SELECT gen_random_uuid(), d.account_id, p.id, d.id, 'manual', '2025-01-06 09:00+00'
FROM added d JOIN licences_pool p USING (account_id, licence_type_id)
"""
_COUNTERS = """
UPDATE licences_pool p SET assigned_licences =
  (SELECT count(*) FROM licences_assignment a WHERE a.pool_id = p.id AND a.released_at IS NULL)
WHERE p.account_id = %(account)s
"""
_ENTRIES = """
INSERT INTO licences_ledgerentry
  (account_id, pool_id, kind, cause, licence_name, at, recorded_at, bought_change, held_change,
   bought_after, held_after, user_id, source,
   before, after, reason, actor_kind, actor_label, sequence, previous_hash, hash)
SELECT %(account)s, pools.ids[n %% array_length(pools.ids, 1) + 1],
       CASE WHEN n %% 1000 = 0 THEN 'total_changed' WHEN n %% 2 = 0 THEN 'assigned' ELSE 'released' END,
       'manual', 'Professional User', '2020-01-01+00'::timestamptz + n * interval '3 minutes', now(),
       0, 0, 10000000, 0, people.ids[n %% array_length(people.ids, 1) + 1], 'manual', '', '', '', 'staff', 'Admin Team',
       n + 100000, '', sha256(n::text::bytea)
FROM generate_series(1, %(entries)s) n,
     (SELECT array_agg(id) ids FROM licences_pool WHERE account_id = %(account)s) pools,
     (SELECT array_agg(id) ids FROM people_user WHERE account_id = %(account)s) people
"""


def large_account(name: str, *, users: int) -> Account:
    """Return an account with so many users, a dozen pools, and licences for a third of the users in each."""
    types = [given_licence_type(f"user-type-{number}", metric_order=number) for number in range(USER_TYPES)]
    kinds = {types[0].key: "Basic", types[1].key: "Full"}
    screens = [given_device_type(f"screen-{n}", kinds_by_licence=kinds if n else {}) for n in range(2)]
    account = given_account(name, pools=[NewPool(kind, 10_000_000) for kind in [*types, *screens]])
    values = {"account": account.pk, "host": name.lower(), "users": users - 1, "devices": DEVICES}
    with transaction.atomic():
        for statement in (_USERS, _ROLES, _SEATS, _DEVICES, _COUNTERS):
            run_with(statement, values)
    run_sql("ANALYZE")
    return account


def fill_ledger(account: Account, *, entries: int) -> None:
    """Give an account a ledger of so many entries, without their chain."""
    with without_chain("licences_ledgerentry"):
        run_with(_ENTRIES, {"account": account.pk, "entries": entries})
    run_sql("VACUUM ANALYZE licences_ledgerentry")


def a_pool(account: Account) -> Pool:
    """Return a pool whose licences users hold."""
    return Pool.objects.select_related("licence_type").get(
        account=account, licence_type__key=f"user-type-{USER_TYPES - 1}"
    )


def run_with(statement: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
