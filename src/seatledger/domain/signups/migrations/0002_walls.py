"""A sign-up is shown to a request that is bound to its id, as the account is that it becomes."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall


class Migration(migrations.Migration):
    dependencies = [("signups", "0001_initial"), ("accounts", "0002_walls")]

    operations = [tenant_wall("signups_signup", account="id")]
