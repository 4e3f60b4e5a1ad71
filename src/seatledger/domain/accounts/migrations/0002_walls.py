"""The roles behind the second wall; accounts are shown to themselves, to their provider, and their provider to them."""

from django.db import migrations

from seatledger.shared.walls import roles_and_bindings, tenant_wall

# A policy on a table cannot ask the same table, so a function of the owner asks, who is behind no wall.
# The provider is seen because its words name the licences of its customers.
SEE_THE_PROVIDER = """
CREATE FUNCTION bound_provider() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT provider_id FROM accounts_account WHERE id = bound_account()
$$;
CREATE POLICY provider_is_seen ON accounts_account FOR SELECT TO seatledger_web
  USING (id = (SELECT bound_provider()));
"""

HIDE_THE_PROVIDER = """
DROP POLICY provider_is_seen ON accounts_account;
DROP FUNCTION bound_provider();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        *roles_and_bindings(),
        tenant_wall("accounts_account", account="id", also="provider_id = (SELECT bound_account())"),
        migrations.RunSQL(SEE_THE_PROVIDER, HIDE_THE_PROVIDER),
    ]
