"""Accounts with subscriptions, made by statements instead of actions: the rows are what the actions would have left.

Each has four pools that are billed in arrears, by the month, and five changes of each in March. All were billed on
1 March. Beside each stands a twin without a subscription, for rows that are copied.
"""

from datetime import date

from large import run_with
from measuring import run_sql, without_chain

from seatledger.domain.catalogue.models import Plan, PlanItem, PlanVersion, Price, Product
from support import given_licence_type

POOLS = 4
CHANGES = 5

_ACCOUNTS = """
INSERT INTO accounts_account (id, serial_number, name, kind, region, currency, time_zone, locale, opened_at)
SELECT md5('account ' || n)::uuid, 'B' || n, 'Customer ' || n, 'customer', 'eu', 'GBP', 'Europe/London', 'en-GB',
       '2026-01-05 09:00+00'::timestamptz
FROM generate_series(%(first)s, %(last)s) n
UNION ALL
SELECT md5('twin ' || n)::uuid, 'T' || n, 'Twin ' || n, 'customer', 'eu', 'GBP', 'Europe/London', 'en-GB',
 '2026-01-05 09:00+00'::timestamptz
FROM generate_series(%(first)s, %(last)s) n
"""
_POOLS = """
INSERT INTO licences_pool (id, account_id, licence_type_id, terms, assigned_licences, counts_active_users, opened_at)
SELECT md5('pool ' || n || kind.key)::uuid, md5('account ' || n)::uuid, kind.id, 'paid', 10, false, '2026-01-05 09:00+00'
FROM generate_series(%(first)s, %(last)s) n, catalogue_licencetype kind WHERE kind.key LIKE 'bench-%%'
"""
_ENTRIES = """
INSERT INTO licences_ledgerentry
  (account_id, pool_id, kind, cause, licence_name, at, recorded_at, bought_change, held_change, bought_after, held_after,
   source, before, after, reason, actor_kind, actor_label, sequence, previous_hash, hash)
SELECT md5('account ' || n)::uuid, md5('pool ' || n || kind.key)::uuid,
       CASE WHEN step = 0 THEN 'pool_opened' WHEN step %% 2 = 1 THEN 'assigned' ELSE 'released' END,
       'manual', kind.name,
       CASE WHEN step = 0 THEN '2026-01-05 09:00+00'::timestamptz
            ELSE '2026-03-02 00:00+00'::timestamptz + (step * 5 - 4) * interval '1 day' + n %% 24 * interval '1 hour' END,
       now(), 0, CASE WHEN step = 0 THEN 0 WHEN step %% 2 = 1 THEN 1 ELSE -1 END,
       0, 10 + n %% 50 + step %% 2, '', '', '', '', 'staff', 'Admin Team',
       row_number() OVER (PARTITION BY n ORDER BY step, kind.key), '', sha256((n || kind.key || step)::bytea)
FROM generate_series(%(first)s, %(last)s) n, generate_series(0, %(changes)s) step, catalogue_licencetype kind
WHERE kind.key LIKE 'bench-%%'
"""
_SUBSCRIPTIONS = """
INSERT INTO subscriptions_subscription (id, account_id, sold_by, started_at)
SELECT md5('subscription ' || n)::uuid, md5('account ' || n)::uuid, 'online', '2026-02-01 00:00+00'
FROM generate_series(%(first)s, %(last)s) n
"""
_ITEMS = """
INSERT INTO subscriptions_subscriptionitem (id, account_id, subscription_id, pool_id, started_at)
SELECT md5('item ' || n || kind.key)::uuid, md5('account ' || n)::uuid, md5('subscription ' || n)::uuid,
       md5('pool ' || n || kind.key)::uuid, '2026-02-01 00:00+00'
FROM generate_series(%(first)s, %(last)s) n, catalogue_licencetype kind WHERE kind.key LIKE 'bench-%%'
"""
_PLANS = """
INSERT INTO subscriptions_change
  (id, account_id, subscription_id, number, kind, asked_at, takes_effect, effective_at, applied_at, entry_sequences, version_id,
   interval, keeps_anchor, agreed_prices, quantities)
SELECT md5('change ' || n)::uuid, md5('account ' || n)::uuid, md5('subscription ' || n)::uuid, 1, 'plan',
       '2026-02-01 00:00+00', 'at_once', '2026-02-01 00:00+00', '2026-02-01 00:00+00', '{}', version.id, 'month', true,
       '{}', '{}'
FROM generate_series(%(first)s, %(last)s) n, catalogue_planversion version JOIN catalogue_plan plan
  ON plan.id = version.plan_id AND plan.key = 'bench'
"""
_BILLING = """
INSERT INTO invoices_accountbilling (account_id, next_on, billed_on, parked_because)
SELECT md5('account ' || n)::uuid, '2026-04-01', '2026-03-01', '' FROM generate_series(%(first)s, %(last)s) n
"""


def given_plan() -> None:
    """Four licence types that are billed in arrears, at four prices."""
    product, _ = Product.objects.get_or_create(key="suite", defaults={"name": "Suite"})
    plan = Plan.objects.create(product=product, key="bench", name="Bench")
    version = PlanVersion.objects.create(plan=plan, number=1, effective_on=date(2024, 1, 1))
    for number in range(POOLS):
        kind = given_licence_type(f"bench-{number}", charge_model="active", metric_order=number)
        item = PlanItem.objects.create(version=version, licence_type=kind)
        Price.objects.create(item=item, currency="GBP", interval="month", unit_amount=12 + number)


def given_subscribed_accounts(*, first: int, last: int) -> None:
    """Make the accounts with these numbers, and their twins."""
    values = {"first": first, "last": last, "changes": CHANGES}
    with without_chain("accounts_account"), without_chain("licences_ledgerentry"):
        for statement in (
            _ACCOUNTS,
            _POOLS,
            _ENTRIES,
            _SUBSCRIPTIONS,
            _ITEMS,
            _PLANS,
            _BILLING,
        ):
            run_with(statement, values)
    run_sql("VACUUM ANALYZE")
