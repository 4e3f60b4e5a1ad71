import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SandboxCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("token", models.CharField(max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("description", models.CharField(max_length=200)),
                ("customer_present", models.BooleanField()),
                ("return_url", models.CharField(blank=True, max_length=2000)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_begun", "not_begun"),
                            ("needs_customer", "needs_customer"),
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        default="not_begun",
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("times_asked", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxCustomer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=40, unique=True)),
                ("customer", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Card"),
                            ("direct_debit", "Direct debit"),
                            ("transfer", "Invoice with bank transfer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        choices=[
                            ("4242424242424242", "Succeeds"),
                            ("5555555555554444", "Succeeds"),
                            ("4000000000000002", "Is declined when it is added"),
                            ("4000000000000341", "Can be added; every charge is declined"),
                            ("4000000000009995", "Can be added; there is never enough money on it"),
                            ("4000000000000069", "Can be added; its bank says that it has expired"),
                            ("4000002760003184", "The bank asks the customer each time"),
                            (
                                "4000002500003155",
                                "The bank asks the customer when he is not there, as at a renewal",
                            ),
                            ("4000000000000077", "Succeeds later"),
                            ("4000000000000085", "Fails later"),
                            (
                                "4000000000000119",
                                "Is charged, and no answer comes: the outcome is unknown until it is asked for",
                            ),
                            ("4000000000000259", "Succeeds, and is disputed later"),
                            ("4000000000003725", "Succeeds; a refund fails later"),
                            ("DE89370400440532013000", "Succeeds later, as debits do"),
                            ("DE62370400440532013001", "Fails later"),
                            ("DE35370400440532013002", "Succeeds later, and is returned after that"),
                        ],
                        max_length=40,
                    ),
                ),
                ("expires_year", models.PositiveSmallIntegerField(null=True)),
                ("expires_month", models.PositiveSmallIntegerField(null=True)),
                ("is_forgotten", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxDispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_begun", "not_begun"),
                            ("needs_customer", "needs_customer"),
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                (
                    "charge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispute",
                        to="sandbox.sandboxcharge",
                    ),
                ),
                ("answer_by", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("payment", "payment"),
                            ("setup", "setup"),
                            ("refund", "refund"),
                            ("dispute", "dispute"),
                            ("nothing", "nothing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reference", models.CharField(max_length=40)),
                ("is_sent", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_sent", False)), fields=["id"], name="sandbox_notices_to_send"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxRefund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_begun", "not_begun"),
                            ("needs_customer", "needs_customer"),
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="sandbox.sandboxcharge",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SandboxSetup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("customer", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Card"),
                            ("direct_debit", "Direct debit"),
                            ("transfer", "Invoice with bank transfer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("return_url", models.CharField(max_length=2000)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_begun", "not_begun"),
                            ("needs_customer", "needs_customer"),
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "method",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="sandbox.sandboxmethod"
                    ),
                ),
            ],
        ),
    ]
