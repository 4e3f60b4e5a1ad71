import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=100)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "licence_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("account"),
                        django.db.models.functions.text.Lower("name"),
                        models.F("id"),
                        name="devices_by_name",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("account"),
                        models.F("licence_type"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("removed_at__isnull", True)),
                        name="a_device_name_is_used_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="device_name_is_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("asked_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "licence_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(help_text="When staff answered; null while it waits.", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="a_request_is_for_some_licences"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["asked_at"],
                        name="requests_that_wait",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[("trial", "Trial"), ("paid", "Paid"), ("included", "Included")],
                        max_length=16,
                    ),
                ),
                ("total_licences", models.PositiveIntegerField(null=True)),
                ("assigned_licences", models.PositiveIntegerField(default=0)),
                (
                    "expires_on",
                    models.DateField(
                        help_text="Valid to the end of this day in the account's zone.", null=True
                    ),
                ),
                (
                    "over_assigned_at",
                    models.DateTimeField(help_text="Since when more are held than the total.", null=True),
                ),
                ("counts_active_users", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "licence_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "licence_type"), name="one_pool_per_licence_type"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts_active_users", True)),
                        fields=("account",),
                        name="one_pool_counts_active_users",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total_licences__isnull", True),
                            ("assigned_licences__lte", models.F("total_licences")),
                            ("over_assigned_at__isnull", False),
                            _connector="OR",
                        ),
                        name="assigned_licences_fit_in_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("terms__in", ["trial", "paid", "included"])),
                        name="pool_terms_are_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(db_default=0, editable=False)),
                ("previous_hash", models.BinaryField(db_default=b"")),
                ("hash", models.BinaryField(db_default=b"")),
                ("at", models.DateTimeField(help_text="When the change counts.")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        help_text="When it was written.",
                    ),
                ),
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
                (
                    "actor_label",
                    models.CharField(blank=True, help_text="Never a person's name.", max_length=100),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pool_opened", "Licences added"),
                            ("total_changed", "Total changed"),
                            ("cap_changed", "Maximum changed"),
                            ("expiry_changed", "Expiry date changed"),
                            ("terms_changed", "Terms changed"),
                            ("assigned", "Assigned"),
                            ("released", "Released"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("manual", "By hand"),
                            ("role", "Role changed"),
                            ("activation", "User activated"),
                            ("deactivation", "User deactivated"),
                            ("deletion", "User deleted"),
                            ("removal", "Device removed"),
                            ("move", "Moved"),
                            ("sync", "Synchronised"),
                            ("opening", "Account opened"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "licence_name",
                    models.CharField(help_text="The type's name as it was at the time.", max_length=100),
                ),
                ("bought_change", models.IntegerField(default=0)),
                ("held_change", models.SmallIntegerField(default=0)),
                (
                    "bought_after",
                    models.IntegerField(help_text="What the pool was after this entry: licences bought."),
                ),
                ("held_after", models.IntegerField(help_text="The same: licences held.")),
                ("user_id", models.UUIDField(null=True)),
                ("device_id", models.UUIDField(null=True)),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manual", "Assigned by hand"),
                            ("rule", "Given by a role"),
                            ("synced", "Kept in step with a list"),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=32)),
                ("after", models.CharField(blank=True, max_length=32)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="What staff or the provider wrote.", max_length=300
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="licences.pool",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-at", "-sequence"], name="entries_by_time"),
                    models.Index(fields=["account", "kind", "-at", "-sequence"], name="entries_by_kind"),
                    models.Index(
                        fields=["pool", "-at", "-sequence"],
                        include=("bought_after", "held_after"),
                        name="entries_by_pool",
                    ),
                    models.Index(
                        condition=models.Q(("bought_change", 0), _negated=True),
                        fields=["at"],
                        name="entries_that_change_bought",
                    ),
                    models.Index(
                        condition=models.Q(("user_id__isnull", False)),
                        fields=["user_id", "-at", "-sequence"],
                        name="entries_by_user",
                    ),
                    models.Index(
                        condition=models.Q(("device_id__isnull", False)),
                        fields=["device_id", "-at", "-sequence"],
                        name="entries_by_device",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "sequence"), name="ledger_entries_are_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "pool_opened",
                                    "total_changed",
                                    "cap_changed",
                                    "expiry_changed",
                                    "terms_changed",
                                    "assigned",
                                    "released",
                                ],
                            )
                        ),
                        name="entry_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "manual",
                                    "role",
                                    "activation",
                                    "deactivation",
                                    "deletion",
                                    "removal",
                                    "move",
                                    "sync",
                                    "opening",
                                ],
                            )
                        ),
                        name="entry_cause_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["user", "staff", "provider", "api_key", "system", "sync"])
                        ),
                        name="entry_actor_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_change__in", [-1, 0, 1])),
                        name="an_entry_takes_or_frees_one_licence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("manual", "Assigned by hand"),
                            ("rule", "Given by a role"),
                            ("synced", "Kept in step with a list"),
                        ],
                        max_length=8,
                    ),
                ),
                ("assigned_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licences.device",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="licences.pool",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", True), ("device__isnull", True), _connector="XOR"
                        ),
                        name="a_licence_is_held_by_a_user_or_a_device",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("pool", "user"),
                        name="a_user_holds_a_licence_of_a_pool_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("pool", "device"),
                        name="a_device_holds_a_licence_of_a_pool_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True),
                            ("released_at__gte", models.F("assigned_at")),
                            _connector="OR",
                        ),
                        name="a_licence_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["manual", "rule", "synced"])),
                        name="assignment_source_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleLicence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "licence_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.role"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role", "licence_type"), name="a_role_gives_a_type_once")
                ],
            },
        ),
    ]
