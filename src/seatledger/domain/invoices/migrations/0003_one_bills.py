"""One bill for all customers of a provider; a customer sees who is billed for it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.walls import WEB_ROLE, tenant_wall

SHOW_WHO_PAYS = f"""
CREATE POLICY who_pays_is_seen ON invoices_onebill FOR SELECT TO {WEB_ROLE}
  USING (account_id = (SELECT bound_provider()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_brands"),
        ("invoices", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="OneBill",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("account",),
                        name="a_provider_has_one_bill_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="a_bill_for_all_ends_after_it_began",
                    ),
                ],
            },
        ),
        tenant_wall("invoices_onebill"),
        migrations.RunSQL(SHOW_WHO_PAYS, "DROP POLICY who_pays_is_seen ON invoices_onebill;"),
    ]
