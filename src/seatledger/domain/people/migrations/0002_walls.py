"""People are shown to their own account; an account keeps an administrator, whoever writes."""

from django.db import migrations

from seatledger.shared.walls import sign_in_door, tenant_wall

KEEP_AN_ADMINISTRATOR = """
CREATE FUNCTION keep_an_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE affected uuid;
BEGIN
  IF TG_TABLE_NAME = 'accounts_account' THEN affected := NEW.id; ELSE affected := OLD.account_id; END IF;
  -- One after the other: the second of two transactions sees what the first has left.
  PERFORM 1 FROM accounts_account WHERE id = affected FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (
    SELECT FROM people_rolegrant g
      JOIN people_role r ON r.id = g.role_id AND r.account_id = g.account_id AND r.built_in = 'administrator'
      JOIN people_user u ON u.id = g.user_id AND u.account_id = g.account_id AND u.is_active
    WHERE g.account_id = affected)
  THEN
    RAISE EXCEPTION 'account % must keep an active administrator', affected
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_account_keeps_an_administrator';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_account_keeps_an_administrator AFTER INSERT ON accounts_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_an_administrator();
CREATE CONSTRAINT TRIGGER an_account_keeps_an_administrator AFTER UPDATE ON people_user
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.is_active AND (NOT NEW.is_active OR NEW.account_id <> OLD.account_id)) EXECUTE FUNCTION keep_an_administrator();
CREATE CONSTRAINT TRIGGER an_account_keeps_an_administrator_too AFTER DELETE ON people_user
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active) EXECUTE FUNCTION keep_an_administrator();
CREATE CONSTRAINT TRIGGER an_account_keeps_an_administrator AFTER UPDATE OR DELETE ON people_rolegrant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_an_administrator();
CREATE CONSTRAINT TRIGGER an_account_keeps_an_administrator AFTER UPDATE OR DELETE ON people_role
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.built_in = 'administrator') EXECUTE FUNCTION keep_an_administrator();
"""

DROP = """
DROP TRIGGER an_account_keeps_an_administrator ON people_role;
DROP TRIGGER an_account_keeps_an_administrator ON people_rolegrant;
DROP TRIGGER an_account_keeps_an_administrator_too ON people_user;
DROP TRIGGER an_account_keeps_an_administrator ON people_user;
DROP TRIGGER an_account_keeps_an_administrator ON accounts_account;
DROP FUNCTION keep_an_administrator();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        *[
            tenant_wall(table)
            for table in (
                "people_user",
                "people_role",
                "people_rolegrant",
                "people_maincontact",
                "people_knowndevice",
            )
        ],
        sign_in_door("people_user", condition="deleted_at IS NULL"),
        migrations.RunSQL(KEEP_AN_ADMINISTRATOR, DROP),
    ]
