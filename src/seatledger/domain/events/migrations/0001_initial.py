import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "chain", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.CharField(max_length=32)),
                ("sequence", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Event",
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
                ("kind", models.CharField(max_length=64)),
                (
                    "payload",
                    models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
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
            ],
            options={
                "indexes": [models.Index(fields=["account", "-at", "-sequence"], name="events_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "sequence"), name="events_are_numbered_per_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["user", "staff", "provider", "api_key", "system", "sync"])
                        ),
                        name="event_actor_kind_is_known",
                    ),
                ],
            },
        ),
    ]
