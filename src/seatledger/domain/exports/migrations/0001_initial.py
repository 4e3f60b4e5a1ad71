import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0002_walls"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("asked_at", models.DateTimeField()),
                ("steps_done", models.PositiveIntegerField(default=0)),
                (
                    "documents_after",
                    models.UUIDField(help_text="The last document whose files are written.", null=True),
                ),
                (
                    "rows_expected",
                    models.PositiveBigIntegerField(help_text="Null until they are counted.", null=True),
                ),
                ("rows_done", models.PositiveBigIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "size_bytes",
                    models.PositiveBigIntegerField(
                        help_text="Of the archive, as it is downloaded.", null=True
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ready_at__isnull", True)),
                        fields=("account",),
                        name="an_account_makes_one_export_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ready_at__isnull", True), ("size_bytes__isnull", False), _connector="OR"
                        ),
                        name="an_export_that_is_ready_has_a_size",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "rows",
                    models.PositiveBigIntegerField(
                        help_text="How many rows a table has; null for others.", null=True
                    ),
                ),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("packed_bytes", models.PositiveBigIntegerField(default=0)),
                ("crc32", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="exports.export"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("export", "position"), name="files_of_an_export_are_numbered"
                    ),
                    models.UniqueConstraint(fields=("export", "name"), name="a_file_is_in_an_export_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="exports.exportfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("file", "position"), name="parts_of_a_file_are_numbered")
                ],
            },
        ),
    ]
