"""Accounts that lapsed are Expired, whatever they hold: the console's list finds them by index, too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_deeds"), ("accounts", "0005_lapsed")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX accounts_that_lapsed ON accounts_account (id) WHERE lapsed_at IS NOT NULL",
            "DROP INDEX accounts_that_lapsed",
        )
    ]
