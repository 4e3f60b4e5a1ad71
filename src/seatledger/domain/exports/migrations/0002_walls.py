"""Archives are shown to their own account."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        tenant_wall(table) for table in ("exports_export", "exports_exportfile", "exports_exportpart")
    ]
