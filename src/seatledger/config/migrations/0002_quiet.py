"""A table for one row: while it stands, an installation is quiet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cell", "0001_a_database_is_one_cell"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quiet",
            fields=[
                ("id", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("why", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "quiet",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", True)), name="an_installation_is_quiet_or_not"
                    )
                ],
            },
        ),
    ]
