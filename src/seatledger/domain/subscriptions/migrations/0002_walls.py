"""Subscriptions are shown to their own account; whoever joins one finds its e-mail domain at the door."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall

# Whoever joins finds a proved domain at a door of its own.
JOINING_FINDS = """
CREATE POLICY joining_finds ON subscriptions_emaildomain FOR SELECT TO seatledger_web
  USING ((SELECT bound_door()) = 'joining' AND verified_at IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        *[
            tenant_wall(f"subscriptions_{table}")
            for table in ("subscription", "subscriptionitem", "change", "preferences", "emaildomain")
        ],
        migrations.RunSQL(JOINING_FINDS, "DROP POLICY joining_finds ON subscriptions_emaildomain;"),
    ]
