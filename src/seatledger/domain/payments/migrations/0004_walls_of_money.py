"""Payments are shown to their own account. What gateways and banks tell is for the vendor alone.

The web takes a gateway's notices in, bound to no account, and can read none of them.
"""

from django.db import migrations
from django.db.migrations import RunSQL

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE, tenant_wall

_TENANT_TABLES = ("gatewaycustomer", "setup", "order", "payment", "refund", "dispute", "dunning")
_VENDORS_TABLES = ("gatewaynotice", "bankstatement", "incomingtransfer")


def _vendors_wall(table: str) -> RunSQL:
    return RunSQL(
        f"""
        ALTER TABLE payments_{table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY vendor_only ON payments_{table} TO {STAFF_ROLE} USING (true) WITH CHECK (true);
        """,
        f"DROP POLICY vendor_only ON payments_{table}; ALTER TABLE payments_{table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_what_is_paid"), ("accounts", "0002_walls")]

    operations = [
        *[tenant_wall(f"payments_{table}") for table in _TENANT_TABLES],
        *[_vendors_wall(table) for table in _VENDORS_TABLES],
        RunSQL(
            f"CREATE POLICY taken_in ON payments_gatewaynotice FOR INSERT TO {WEB_ROLE} WITH CHECK (applied_at IS NULL);",
            "DROP POLICY taken_in ON payments_gatewaynotice;",
        ),
    ]
