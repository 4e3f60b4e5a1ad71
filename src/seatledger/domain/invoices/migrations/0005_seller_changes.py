"""Who sells is changed from a file: keep who applied it, when, and what it changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.walls import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0004_reopened"),
    ]

    operations = [
        migrations.CreateModel(
            name="SellerChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "User"),
                            ("staff", "Admin Team"),
                            ("provider", "Provider"),
                            ("api_key", "API key"),
                            ("system", "Seatledger"),
                            ("sync", "Synchronisation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=100)),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="invoices.seller",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["user", "staff", "provider", "api_key", "system", "sync"])
                        ),
                        name="seller_change_actor_kind_is_known",
                    )
                ],
            },
        ),
        append_only("invoices_sellerchange"),
    ]
