"""The two roles, and the wall round each account: a provider also sees its customers."""

from django.db import migrations

from seatledger.shared.walls import roles_and_bindings, tenant_wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        *roles_and_bindings(),
        tenant_wall("accounts_account", account="id", also="provider_id = (SELECT bound_account())"),
    ]
