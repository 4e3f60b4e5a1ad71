import uuid

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("public_key", models.CharField(help_text="32 bytes, in hex.", max_length=64, unique=True)),
                ("sealed_private_key", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("scheduled", "Scheduled"),
                            ("notified", "Announced"),
                            ("closing", "Closing"),
                            ("closed", "Closed"),
                            ("erased", "Erased"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=16,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("requested_by_id", models.UUIDField(help_text="The user.", null=True)),
                ("takes_effect_at", models.DateTimeField()),
                ("end_change_id", models.UUIDField(null=True)),
                (
                    "held_up_by",
                    models.CharField(blank=True, help_text="Why a step waits for a person.", max_length=300),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("erase_at", models.DateTimeField(null=True)),
                ("erase_by", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["erased", "withdrawn"]), _negated=True),
                        fields=["takes_effect_at"],
                        name="closures_to_go_on_with",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "requested",
                                    "scheduled",
                                    "notified",
                                    "closing",
                                    "closed",
                                    "erased",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="closure_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("account",),
                        name="an_account_is_closed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "erased"]), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("erase_at__isnull", False),
                                ("erase_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_closed_says_when_it_is_erased",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "content",
                    models.TextField(help_text="The JSON, byte by byte as it was signed and is given out."),
                ),
                ("issued_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "closure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="closures.closure",
                    ),
                ),
                ("pdf", models.BinaryField(help_text="The same for people, made by a job.", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClosureContact",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=201)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "closure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="closures.closure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("closure", "email"), name="a_contact_is_told_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosureStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(help_text="The first step is 1.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("acknowledged", "Acknowledged by the vendor"),
                            ("scheduled", "Scheduled"),
                            ("brought_forward", "Brought forward"),
                            ("withdrawn", "Withdrawn"),
                            ("notified", "Everybody concerned was told"),
                            ("begun", "Closing began"),
                            ("agreement_ended", "Subscriptions ended"),
                            ("billed", "Last invoice or credit made"),
                            ("collected", "What is open asked of the payment method for the last time"),
                            ("methods_removed", "Payment methods removed"),
                            ("people_removed", "All users and devices removed"),
                            ("entitlements_ended", "All licences ended"),
                            ("closed", "Closed, and everybody concerned was told"),
                            ("erased", "Personal data erased"),
                        ],
                        max_length=24,
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
                ("actor_label", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="The vendor's own, of a ticket or letter.", max_length=100
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "closure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="closures.closure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "requested",
                                    "acknowledged",
                                    "scheduled",
                                    "brought_forward",
                                    "withdrawn",
                                    "notified",
                                    "begun",
                                    "agreement_ended",
                                    "billed",
                                    "collected",
                                    "methods_removed",
                                    "people_removed",
                                    "entitlements_ended",
                                    "closed",
                                    "erased",
                                ],
                            )
                        ),
                        name="closure_step_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "brought_forward"), _negated=True),
                        fields=("closure", "kind"),
                        name="each_step_is_taken_once",
                    ),
                    models.UniqueConstraint(fields=("closure", "number"), name="closure_steps_are_numbered"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedTable",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("table", models.CharField(max_length=63)),
                ("rows", models.BigIntegerField()),
                (
                    "last_hash",
                    models.CharField(
                        blank=True,
                        help_text="Of a chained table: the hash of its last row, in hex.",
                        max_length=64,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "closure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erased_tables",
                        to="closures.closure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("closure", "table"), name="a_table_is_erased_once")
                ],
            },
        ),
    ]
