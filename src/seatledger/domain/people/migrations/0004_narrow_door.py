"""The sign-in pages change a password and the time of signing in, and note that a second step was used; no more."""

from django.db import migrations

from seatledger.shared.walls import WEB_ROLE

# A trigger that runs before the row is stored does not know the columns that the database works out.
CHANGE_LITTLE = """
CREATE FUNCTION sign_in_changes_little() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open text[] := '{password,last_login,last_name_lower,first_name_lower}';
BEGIN
  IF to_jsonb(NEW) - open <> to_jsonb(OLD) - open THEN
    RAISE EXCEPTION 'the sign-in pages change a password and last_login only'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sign_in_changes_little BEFORE UPDATE ON people_user FOR EACH ROW
  WHEN (bound_door() = 'sign_in' AND OLD.account_id IS DISTINCT FROM bound_account())
  EXECUTE FUNCTION sign_in_changes_little();
"""

ADD_NOTHING = f"""
CREATE POLICY own_account_only ON mfa_authenticator AS RESTRICTIVE FOR INSERT TO {WEB_ROLE} WITH CHECK (EXISTS (
  SELECT FROM people_user person WHERE person.id = user_id AND person.account_id = (SELECT bound_account())));
CREATE POLICY own_account_only_too ON mfa_authenticator AS RESTRICTIVE FOR DELETE TO {WEB_ROLE} USING (EXISTS (
  SELECT FROM people_user person WHERE person.id = user_id AND person.account_id = (SELECT bound_account())));
"""  # noqa: S608 -- about a table, with a role's name of ours and no values


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sign_in_walls")]

    operations = [
        migrations.RunSQL(
            CHANGE_LITTLE,
            "DROP TRIGGER sign_in_changes_little ON people_user; DROP FUNCTION sign_in_changes_little();",
        ),
        migrations.RunSQL(
            ADD_NOTHING,
            "DROP POLICY own_account_only ON mfa_authenticator;"
            "DROP POLICY own_account_only_too ON mfa_authenticator;",
        ),
    ]
