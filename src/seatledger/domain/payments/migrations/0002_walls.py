"""Payments are shown to their own account. What gateways and banks tell is for the vendor alone.

The web takes a gateway's notices in, bound to no account, and can read none of them.
"""

from django.db import migrations
from django.db.migrations import RunSQL

from seatledger.shared.walls import WEB_ROLE, staff_wall, tenant_wall

_TENANT_TABLES = (
    "paymentmethod",
    "gatewaycustomer",
    "setup",
    "order",
    "payment",
    "refund",
    "dispute",
    "dunning",
    "quotation",
    "quotationline",
)
_VENDORS_TABLES = ("gatewaynotice", "bankstatement", "incomingtransfer")


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        *[tenant_wall(f"payments_{table}") for table in _TENANT_TABLES],
        *[staff_wall(f"payments_{table}") for table in _VENDORS_TABLES],
        RunSQL(
            f"CREATE POLICY taken_in ON payments_gatewaynotice FOR INSERT TO {WEB_ROLE} WITH CHECK (applied_at IS NULL);",
            "DROP POLICY taken_in ON payments_gatewaynotice;",
        ),
    ]
