"""Licences are shown to their own account; a provider also sees its customers' pools. The ledger is chained."""

from django.db import migrations

from seatledger.shared.walls import append_only, chained, tenant_wall

CUSTOMERS = "account_id IN (SELECT id FROM accounts_account WHERE provider_id = (SELECT bound_account()))"


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_initial"), ("accounts", "0002_walls"), ("events", "0002_walls")]

    operations = [
        tenant_wall("licences_pool", also=CUSTOMERS),
        *[
            tenant_wall(table)
            for table in (
                "licences_assignment",
                "licences_device",
                "licences_rolelicence",
                "licences_ledgerentry",
                "licences_licencerequest",
            )
        ],
        append_only("licences_ledgerentry"),
        chained(
            "licences_ledgerentry",
            [
                "pool_id",
                "kind",
                "cause",
                "licence_name",
                "at",
                "recorded_at",
                "bought_change",
                "held_change",
                "bought_after",
                "held_after",
                "user_id",
                "device_id",
                "source",
                "before",
                "after",
                "reason",
                "actor_kind",
                "actor_id",
                "actor_label",
            ],
        ),
    ]
