import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("brand_words", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("trial_days", models.PositiveSmallIntegerField(default=0)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="catalogue.product",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LicenceType",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "former_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        help_text="Other words people search for it by.",
                        size=None,
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=300)),
                (
                    "metric_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("users", "Users"),
                            ("clients", "Clients"),
                            ("supervisor", "Supervisor"),
                            ("devices", "Devices"),
                            ("", "Not shown"),
                        ],
                        max_length=16,
                    ),
                ),
                ("metric_order", models.PositiveSmallIntegerField(default=0)),
                (
                    "held_by",
                    models.CharField(
                        choices=[("user", "User"), ("device", "Device")], default="user", max_length=8
                    ),
                ),
                (
                    "given_by",
                    models.CharField(
                        choices=[
                            ("assignment", "Assigned by a person, a role or a list"),
                            ("activation", "Held by every active user"),
                        ],
                        default="assignment",
                        max_length=16,
                    ),
                ),
                ("exclusive_group", models.SlugField(blank=True, max_length=64)),
                (
                    "kinds_by_licence",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="For devices: the kind by the key of the licence its user holds.",
                    ),
                ),
                ("lock_days", models.PositiveSmallIntegerField(default=0)),
                ("sync_source", models.SlugField(blank=True, max_length=32)),
                (
                    "charge_model",
                    models.CharField(
                        choices=[
                            ("prepaid", "Bought ahead, by count"),
                            ("active", "Not limited; what is held is billed in arrears"),
                            ("capped", "Up to a maximum; what is held is billed in arrears"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "counting_rule",
                    models.CharField(
                        choices=[
                            ("daily", "Each day a licence is held counts"),
                            ("peak", "The highest number held at once in the period"),
                            ("closing", "The number held when the period ends"),
                            ("ever", "Everyone who held one at any time in the period"),
                        ],
                        default="daily",
                        max_length=16,
                    ),
                ),
                (
                    "needs",
                    models.ManyToManyField(blank=True, related_name="needed_by", to="catalogue.licencetype"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licence_types",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("metric_group__in", ["users", "clients", "supervisor", "devices", ""])
                        ),
                        name="licence_type_metric_group_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_by__in", ["user", "device"])),
                        name="licence_type_holder_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_by__in", ["assignment", "activation"])),
                        name="licence_type_given_by_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("charge_model__in", ["prepaid", "active", "capped"])),
                        name="licence_type_charge_model_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counting_rule__in", ["daily", "peak", "closing", "ever"])),
                        name="licence_type_counting_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by", "assignment"),
                            models.Q(("charge_model", "active"), ("held_by", "user")),
                            _connector="OR",
                        ),
                        name="what_activation_gives_is_held_by_users_without_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("effective_on", models.DateField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_versions_are_numbered"),
                    models.UniqueConstraint(fields=("plan", "effective_on"), name="one_plan_version_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("licences", models.PositiveIntegerField(null=True)),
                (
                    "licence_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="catalogue.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "licence_type"), name="a_licence_type_is_in_a_plan_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "interval",
                    models.CharField(
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
                (
                    "interval_count",
                    models.PositiveSmallIntegerField(default=1, help_text="How many of them a period has."),
                ),
                (
                    "unit_amount",
                    models.DecimalField(
                        decimal_places=12,
                        help_text="For one licence; null where rules say it.",
                        max_digits=24,
                        null=True,
                    ),
                ),
                (
                    "rules",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="All else that the price says, in the form of docs/rating.md, without what is usual.",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="catalogue.planitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("interval__in", ["day", "week", "month", "quarter", "year"])),
                        name="price_interval_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("item", "currency", "interval"),
                        name="one_price_per_item_currency_and_interval",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_amount__gte", 0), ("unit_amount__lt", 1000000000000)),
                        name="unit_amount_is_a_real_number_from_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("unit_amount__isnull", False),
                                models.Q(("rules__has_any_keys", ["flat_amount", "tiers"]), _negated=True),
                            ),
                            models.Q(
                                ("rules__has_any_keys", ["flat_amount", "tiers"]),
                                ("unit_amount__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_price_says_what_it_is_for_in_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval_count__gte", 1)),
                        name="a_period_has_an_interval_at_least",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueChange",
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
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["user", "staff", "provider", "api_key", "system", "sync"])
                        ),
                        name="catalogue_change_actor_kind_is_known",
                    )
                ],
            },
        ),
    ]
