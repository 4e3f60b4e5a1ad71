"""Plan versions and their prices are never changed: a new version follows."""

from django.db import migrations

from seatledger.shared.walls import append_only


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        append_only(table) for table in ("catalogue_planversion", "catalogue_planitem", "catalogue_price")
    ]
