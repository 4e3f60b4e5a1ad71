"""Plan versions, their prices and what was changed are never changed themselves: a new one follows."""

from django.db import migrations

from seatledger.shared.walls import append_only


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        append_only(f"catalogue_{table}") for table in ("planversion", "planitem", "price", "cataloguechange")
    ]
