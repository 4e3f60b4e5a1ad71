"""Subscriptions are shown to their own account; whoever joins one finds its e-mail domain at the door."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        tenant_wall(f"subscriptions_{table}")
        for table in ("subscription", "subscriptionitem", "change", "preferences", "emaildomain")
    ]
