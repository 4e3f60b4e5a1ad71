"""A provider that is billed for its customers reads, at a door of its own, what its next bill is worked out from."""

from django.db import migrations

from seatledger.shared.walls import WEB_ROLE

# The customers of a provider with whom one bill for all was agreed, in its currency; nobody's at any other door.
_CUSTOMERS = """(SELECT bound_door()) = 'one_bill' AND account_id IN (
  SELECT customer.id FROM accounts_account customer JOIN invoices_onebill agreed
    ON agreed.account_id = customer.provider_id AND agreed.currency = customer.currency
  WHERE customer.provider_id = (SELECT bound_account()))"""
_TABLES = (
    "subscriptions_subscription",
    "subscriptions_subscriptionitem",
    "subscriptions_change",
    "licences_ledgerentry",
    "licences_assignment",
    "invoices_accountbilling",
    "invoices_document",
    "invoices_line",
    "invoices_void",
)


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0004_numbers_elsewhere"),
        ("licences", "0002_walls"),
        ("subscriptions", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE POLICY one_bill_is_foreseen ON {table} FOR SELECT TO {WEB_ROLE} USING ({_CUSTOMERS});",
            f"DROP POLICY one_bill_is_foreseen ON {table};",
        )
        for table in _TABLES
    ]
