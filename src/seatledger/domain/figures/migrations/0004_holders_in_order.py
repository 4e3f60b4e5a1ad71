"""Who holds licences of a type, in the order of the lists."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0003_endings"),
        ("licences", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX pools_by_type ON licences_pool (licence_type_id, account_id)",
            "DROP INDEX pools_by_type",
        )
    ]
