import uuid

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("serial_number", models.CharField(editable=False, max_length=16, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("customer", "Customer"), ("provider", "Provider")],
                        default="customer",
                        max_length=16,
                    ),
                ),
                ("region", models.CharField(max_length=16)),
                ("currency", models.CharField(max_length=3)),
                ("time_zone", models.CharField(max_length=64)),
                ("locale", models.CharField(default="en-GB", max_length=16)),
                ("brand_words", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="When its end was carried out.", null=True)),
                (
                    "lapsed_at",
                    models.DateTimeField(
                        help_text="Since when it is Expired because it did not pay; null once it has.",
                        null=True,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["provider", "name", "id"], name="customers_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["customer", "provider"])),
                        name="account_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider__isnull", True), ("kind", "customer"), _connector="OR"),
                        name="a_provider_has_no_provider_above_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider", models.F("id")), _negated=True),
                        name="an_account_is_not_its_own_provider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="account_name_is_not_empty"
                    ),
                ],
            },
        ),
    ]
