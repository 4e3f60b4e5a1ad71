import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("licences", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                (
                    "on_joining",
                    models.CharField(
                        choices=[
                            ("assign", "Automatically assign a subscription if one is available"),
                            ("leave", "Leave them on the free plan: an administrator assigns one"),
                        ],
                        default="leave",
                        max_length=16,
                    ),
                ),
                (
                    "on_none_left",
                    models.CharField(
                        choices=[
                            (
                                "increase",
                                "Automatically increase my subscription count as needed; my account is charged",
                            ),
                            (
                                "refuse",
                                "I will manage subscriptions: new users cannot join unless one is available",
                            ),
                        ],
                        default="refuse",
                        max_length=16,
                    ),
                ),
                (
                    "most_licences",
                    models.PositiveIntegerField(
                        help_text="Never more than this by itself; null: no limit.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("on_joining__in", ["assign", "leave"])),
                        name="on_joining_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on_none_left__in", ["increase", "refuse"])),
                        name="on_none_left_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "sold_by",
                    models.CharField(
                        choices=[("online", "Online"), ("contract", "Sales contract")],
                        default="online",
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "free_until",
                    models.DateField(
                        help_text="The day after the last one of its trial, in the account's zone; null: no trial.",
                        null=True,
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        help_text="From when nothing more is charged; null while no end is known.", null=True
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sold_by__in", ["online", "contract"])), name="sold_by_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="a_subscription_ends_after_it_started",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("account",),
                        name="one_subscription_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("started_at", models.DateTimeField(help_text="When the pool came under the subscription.")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_items",
                        to="licences.pool",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "pool"), name="a_pool_is_in_a_subscription_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan", "Plan"),
                            ("paying", "Trial becomes paid"),
                            ("quantity", "Number of licences"),
                            ("end", "End"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "takes_effect",
                    models.CharField(
                        choices=[("at_once", "At once"), ("at_period_end", "At the end of the period")],
                        max_length=16,
                    ),
                ),
                ("effective_at", models.DateTimeField(help_text="The instant from which it counts.")),
                (
                    "applied_at",
                    models.DateTimeField(
                        help_text="When it was done; null while it is still to come.", null=True
                    ),
                ),
                (
                    "entry_sequences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="The ledger entries by which it changed how many licences are bought.",
                        size=None,
                    ),
                ),
                (
                    "interval",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "day"),
                            ("week", "week"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        max_length=8,
                    ),
                ),
                ("keeps_anchor", models.BooleanField(default=True)),
                (
                    "agreed_prices",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Prices other than the catalogue's: by licence type, in the form of docs/rating.md.",
                    ),
                ),
                (
                    "quantities",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="How many licences, by licence type, where it is not what there are already, or the plan's number.",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.planversion",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="subscriptions.subscription",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="subscriptions.subscriptionitem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("applied_at__isnull", True)),
                        fields=["effective_at"],
                        name="changes_to_come",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["plan", "paying", "quantity", "end"])),
                        name="change_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("takes_effect__in", ["at_once", "at_period_end"])),
                        name="change_takes_effect_when_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("interval__in", ["day", "week", "month", "quarter", "year"]),
                                ("kind", "plan"),
                                ("version__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind", "plan"), _negated=True),
                                ("interval", ""),
                                ("version__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_change_of_plan_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("item__isnull", False), ("kind", "quantity"), ("quantity__isnull", False)
                            ),
                            models.Q(
                                models.Q(("kind", "quantity"), _negated=True),
                                ("item__isnull", True),
                                ("quantity__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_change_of_number_names_item_and_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailDomain",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "domain",
                    models.CharField(help_text="In lower case, and in letters of ASCII.", max_length=253),
                ),
                (
                    "mailbox",
                    models.CharField(
                        choices=[
                            ("admin", "admin"),
                            ("administrator", "administrator"),
                            ("webmaster", "webmaster"),
                            ("hostmaster", "hostmaster"),
                            ("postmaster", "postmaster"),
                        ],
                        default="postmaster",
                        help_text="Where the code is sent.",
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField(help_text="When the code was sent the last time.")),
                ("verified_at", models.DateTimeField(null=True)),
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
                        models.F("account"),
                        django.db.models.functions.text.Lower("domain"),
                        name="an_account_names_a_domain_once",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("domain"),
                        condition=models.Q(("verified_at__isnull", False)),
                        name="a_domain_belongs_to_one_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "mailbox__in",
                                ["admin", "administrator", "webmaster", "hostmaster", "postmaster"],
                            )
                        ),
                        name="mailbox_is_known",
                    ),
                ],
            },
        ),
    ]
