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
                (
                    "moving_to",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The region it is on its way to. Until it has arrived nobody works on it, here or there.",
                        max_length=16,
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
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="brand",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="Where its customers sign in: /at/<address>/.", max_length=40
                    ),
                ),
                (
                    "words",
                    models.JSONField(blank=True, default=dict, help_text="Its own words for product names."),
                ),
                ("accent_on_light", models.CharField(blank=True, max_length=7)),
                ("accent_on_dark", models.CharField(blank=True, max_length=7)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("logo", models.BinaryField(null=True)),
                ("logo_digest", models.CharField(blank=True, max_length=64)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=("address",),
                        name="an_address_leads_to_one_brand",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("logo__isnull", True), ("logo_digest", "")),
                            models.Q(("logo__isnull", False), models.Q(("logo_digest", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_logo_is_known_by_its_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accent_on_dark", ""), ("accent_on_light", "")),
                            models.Q(
                                models.Q(("accent_on_light", ""), _negated=True),
                                models.Q(("accent_on_dark", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_brand_has_both_accents_or_none",
                    ),
                ],
            },
        ),
    ]
