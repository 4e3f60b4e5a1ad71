"""The vendor's staff are no business of the web's role: it sees none of them."""

from django.db import migrations

from seatledger.shared.walls import staff_wall


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        staff_wall(f"staff_{table}")
        for table in ("staffmember", "staffsession", "staffact", "staffdeed", "staffview")
    ]
