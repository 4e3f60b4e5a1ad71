"""A quotation keeps what stood on it as it was sent, and becomes a file."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.walls import tenant_wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_account_has_licences"),
        ("payments", "0002_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="quotation",
            name="paper",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="What else stood on it as it was sent: the parties, and its amounts by line and by rate of tax.",
            ),
        ),
        migrations.CreateModel(
            name="QuotationFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF (A4)"), ("pdf_letter", "PDF (Letter)")], max_length=16
                    ),
                ),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "quotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="payments.quotation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "pdf_letter"])),
                        name="quotation_file_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("quotation", "kind"), name="a_quotation_has_a_file_of_a_kind_once"
                    ),
                ],
            },
        ),
        tenant_wall("payments_quotationfile"),
    ]
