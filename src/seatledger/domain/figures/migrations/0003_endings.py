"""Licences that simply end in the days to come, and how many on each day. For the vendor's staff alone."""

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.walls import staff_wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_moving"),
        ("catalogue", "0002_walls"),
        ("figures", "0002_walls"),
    ]

    operations = [
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
        staff_wall("figures_ending"),
        staff_wall("figures_endingtotal"),
    ]
