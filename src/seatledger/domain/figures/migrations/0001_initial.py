import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Month",
            fields=[
                ("month", models.DateField(help_text="Its first day.", primary_key=True, serialize=False)),
                ("reckoned_at", models.DateTimeField()),
                ("is_over", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="MonthTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "movement",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("reactivation", "Came back"),
                            ("expansion", "Expansion"),
                            ("contraction", "Contraction"),
                            ("churn", "Churn"),
                            ("none", "Unchanged"),
                        ],
                        max_length=16,
                    ),
                ),
                ("accounts", models.PositiveIntegerField(help_text="Those that moved so.")),
                ("active_accounts", models.PositiveIntegerField(help_text="Those of them that are Active.")),
                ("opening", models.DecimalField(decimal_places=0, max_digits=60)),
                ("closing", models.DecimalField(decimal_places=0, max_digits=60)),
                ("denominator", models.DecimalField(decimal_places=0, max_digits=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "currency", "movement"), name="one_total_of_a_movement"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "movement__in",
                                ["new", "reactivation", "expansion", "contraction", "churn", "none"],
                            )
                        ),
                        name="total_movement_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RenewalTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(db_column="renews_on")),
                ("currency", models.CharField(max_length=3)),
                ("accounts", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("on", "currency"), name="one_total_of_renewals_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountMonth",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "movement",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("reactivation", "Came back"),
                            ("expansion", "Expansion"),
                            ("contraction", "Contraction"),
                            ("churn", "Churn"),
                            ("none", "Unchanged"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(help_text="Whether the account was Active at the end of the month."),
                ),
                ("opening", models.DecimalField(decimal_places=0, max_digits=60)),
                ("closing", models.DecimalField(decimal_places=0, max_digits=60)),
                ("denominator", models.DecimalField(decimal_places=0, max_digits=60)),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("about", "month"), name="an_account_has_one_row_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "movement__in",
                                ["new", "reactivation", "expansion", "contraction", "churn", "none"],
                            )
                        ),
                        name="movement_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("denominator__gt", 0)), name="revenue_is_over_a_denominator"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_active", True), ("closing", 0), _connector="OR"),
                        name="an_account_that_is_not_active_has_no_revenue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closing__gt", 0), ("movement__in", ["new", "reactivation"]), ("opening", 0)
                            ),
                            models.Q(
                                ("closing__gt", models.F("opening")),
                                ("movement", "expansion"),
                                ("opening__gt", 0),
                            ),
                            models.Q(
                                ("closing__gt", 0),
                                ("movement", "contraction"),
                                ("opening__gt", models.F("closing")),
                            ),
                            models.Q(("closing", 0), ("movement", "churn"), ("opening__gt", 0)),
                            models.Q(("movement", "none"), ("opening", models.F("closing"))),
                            _connector="OR",
                        ),
                        name="a_movement_says_what_moved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("accounts", models.PositiveIntegerField(help_text="Those that hold any.")),
                ("sold", models.BigIntegerField(help_text="The totals of those that have one.")),
                ("used", models.BigIntegerField()),
                (
                    "unlimited",
                    models.PositiveIntegerField(help_text="How many of the accounts have no limit."),
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
                        fields=("month", "licence_type"), name="one_count_of_a_licence_a_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField(db_column="renews_on")),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["currency", "on", "about"], name="renewals_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("about", "on"), name="an_account_renews_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="EndingTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(db_column="ends_on")),
                ("currency", models.CharField(max_length=3)),
                (
                    "endings",
                    models.PositiveIntegerField(help_text="An account's licences of one type are one."),
                ),
                ("sold", models.BigIntegerField(help_text="Of those that have a limit.")),
                ("used", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("on", "currency"), name="one_total_of_endings_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("pool_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "on",
                    models.DateField(db_column="ends_on", help_text="Their last day, in the account's zone."),
                ),
                ("currency", models.CharField(max_length=3)),
                ("sold", models.PositiveIntegerField(help_text="Null: no limit.", null=True)),
                ("used", models.PositiveIntegerField()),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "licence_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.licencetype",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["currency", "on", "pool_id"], name="endings_by_day")],
            },
        ),
    ]
