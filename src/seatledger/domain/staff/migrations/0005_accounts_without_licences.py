"""Which accounts hold no licences: kept on the account as pools come and go, because no index can say what is not there."""

from django.db import migrations

# The owner writes it, for whoever opens a pool. An account is told once, with its first pool.
KEEP = """
CREATE FUNCTION licences_pool_comes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts_account SET has_licences = true
    WHERE NOT has_licences AND id IN (SELECT account_id FROM added WHERE terms IN ('trial', 'paid'));
  RETURN NULL;
END $$;
CREATE FUNCTION licences_pool_goes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE holds boolean;
BEGIN
  SELECT EXISTS (SELECT FROM licences_pool WHERE account_id = OLD.account_id AND terms IN ('trial', 'paid')) INTO holds;
  UPDATE accounts_account SET has_licences = holds WHERE id = OLD.account_id AND has_licences <> holds;
  RETURN NULL;
END $$;
CREATE TRIGGER licences_pool_comes AFTER INSERT ON licences_pool REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION licences_pool_comes();
CREATE TRIGGER licences_pool_goes AFTER DELETE ON licences_pool
  FOR EACH ROW EXECUTE FUNCTION licences_pool_goes();
CREATE TRIGGER licences_pool_changes_terms AFTER UPDATE OF terms ON licences_pool
  FOR EACH ROW WHEN (OLD.terms IS DISTINCT FROM NEW.terms) EXECUTE FUNCTION licences_pool_goes();
UPDATE accounts_account SET has_licences = true
  WHERE id IN (SELECT account_id FROM licences_pool WHERE terms IN ('trial', 'paid'));
"""
LET_GO = """
DROP TRIGGER licences_pool_changes_terms ON licences_pool; DROP TRIGGER licences_pool_goes ON licences_pool;
DROP TRIGGER licences_pool_comes ON licences_pool;
DROP FUNCTION licences_pool_goes(); DROP FUNCTION licences_pool_comes();
"""
SHOW = """
CREATE OR REPLACE VIEW staff_accounts_here AS
  SELECT id, serial_number, name, kind, time_zone, closed_at, lapsed_at, has_licences FROM accounts_account
  WHERE moving_to = ''
  WITH CHECK OPTION;
"""
INDEX = "CREATE INDEX accounts_without_licences ON accounts_account (id) WHERE NOT has_licences"


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0004_accounts_by_state"),
        ("accounts", "0003_account_has_licences"),
        ("licences", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(KEEP, LET_GO),
        migrations.RunSQL(SHOW, migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, "DROP INDEX accounts_without_licences"),
    ]
