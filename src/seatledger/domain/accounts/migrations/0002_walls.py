"""The roles behind the second wall; accounts are shown to themselves and to their provider, whose brand they see."""

from django.db import migrations

from seatledger.shared.walls import WEB_ROLE, roles_and_bindings, tenant_wall

# A policy on a table cannot ask the same table, so a function of the owner asks, who is behind no wall.
PROVIDER = """
CREATE FUNCTION bound_provider() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT provider_id FROM accounts_account WHERE id = bound_account()
$$;
"""
# All of the provider that its customers see. Who has not signed in yet sees it too, on the pages where one signs in:
# whoever knows the address does.
SHOW_THE_BRAND = f"""
CREATE POLICY brand_is_seen ON accounts_brand FOR SELECT TO {WEB_ROLE} USING (
  account_id = (SELECT bound_provider())
  OR (SELECT bound_account()) IS NULL AND (SELECT bound_door()) IN ('sign_in', 'looks', 'joining'));
"""
# Neither pages nor jobs nor staff see an account that is between two regions; who owns the database does.
BETWEEN_REGIONS = """
CREATE POLICY not_between_regions ON accounts_account AS RESTRICTIVE TO seatledger_web, seatledger_staff
  USING (moving_to = '') WITH CHECK (moving_to = '');
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        *roles_and_bindings(),
        tenant_wall("accounts_account", account="id", also="provider_id = (SELECT bound_account())"),
        migrations.RunSQL(PROVIDER, "DROP FUNCTION bound_provider();"),
        tenant_wall("accounts_brand"),
        migrations.RunSQL(SHOW_THE_BRAND, "DROP POLICY brand_is_seen ON accounts_brand;"),
        migrations.RunSQL(BETWEEN_REGIONS, "DROP POLICY not_between_regions ON accounts_account;"),
    ]
