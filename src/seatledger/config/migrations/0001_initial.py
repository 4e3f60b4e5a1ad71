from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("region", models.CharField(max_length=16)),
            ],
            options={
                "db_table": "cell",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", True)), name="a_database_is_one_cell")
                ],
            },
        ),
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
