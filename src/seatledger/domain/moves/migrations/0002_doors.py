"""Who sees moves, and the narrow door through which an account leaves tables that are otherwise never changed."""

from django.db import migrations

from seatledger.shared.walls import WEB_ROLE, staff_wall

_ASKED_AT_SIGN_IN = """
CREATE POLICY sign_in_asks ON moves_{table} FOR SELECT TO {role} USING ((SELECT bound_door()) = 'sign_in');
"""

# A row leaves when its account has gone on elsewhere, or was only on its way here, and whoever deletes it says so.
_LEAVING = """
CREATE FUNCTION is_leaving(account text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  RETURN current_setting('seatledger.leaving', true) = account
    AND EXISTS (SELECT FROM moves_move WHERE about_id = account::uuid AND state IN ('switched', 'arrived'));
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('seatledger.erasing', true) = to_jsonb(OLD) ->> 'account_id'
     AND EXISTS (SELECT FROM closures_closure
                 WHERE account_id = (to_jsonb(OLD) ->> 'account_id')::uuid AND state = 'closed') THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' AND is_leaving(to_jsonb(OLD) ->> 'account_id') THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION refuse_change_of_issued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND is_leaving(to_jsonb(OLD) ->> 'account_id') THEN RETURN OLD; END IF;
  IF EXISTS (SELECT FROM invoices_issue
             WHERE document_id = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid) THEN
    RAISE EXCEPTION 'what was issued is never changed or removed (%)', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_change_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.credited_minor >= OLD.credited_minor
     AND to_jsonb(NEW) - 'open_minor' - 'credited_minor' = to_jsonb(OLD) - 'open_minor' - 'credited_minor' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND is_leaving(OLD.account_id::text) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'a number that was given is never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# The figures of a month that is over stay as they were reckoned, but an account takes its own along: the sums follow.
_FIGURES = """
CREATE FUNCTION a_move_is_under_way() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  RETURN EXISTS (SELECT FROM moves_move WHERE about_id::text = current_setting('seatledger.adding_up', true)
                 AND state IN ('switched', 'arrived'));
CREATE OR REPLACE FUNCTION figures_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'figures_accountmonth' AND is_leaving(to_jsonb(OLD) ->> 'about_id') THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'figures_monthtotal' AND a_move_is_under_way() THEN RETURN OLD; END IF;
  IF EXISTS (SELECT FROM figures_month WHERE month = OLD.month AND is_over) THEN
    RAISE EXCEPTION 'figures of a month that is over are never changed or removed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

# Every change writes into one of the two chains, so this refuses whatever nothing before it has refused.
_AT_REST = """
CREATE FUNCTION refuse_what_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM added JOIN accounts_account account ON account.id = added.account_id
             WHERE account.moving_to <> ''
               AND current_setting('seatledger.arriving', true) IS DISTINCT FROM account.id::text) THEN
    RAISE EXCEPTION 'the account moves to another region' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER nothing_is_added_on_the_way AFTER INSERT ON events_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_moves();
CREATE TRIGGER nothing_is_added_on_the_way AFTER INSERT ON licences_ledgerentry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_moves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("moves", "0001_initial"),
        ("accounts", "0002_walls"),
        ("closures", "0002_walls"),
        ("events", "0002_walls"),
        ("figures", "0002_walls"),
        ("invoices", "0002_walls"),
        ("licences", "0002_walls"),
    ]

    operations = [
        staff_wall("moves_move"),
        staff_wall("moves_forwarding"),
        *[
            migrations.RunSQL(
                _ASKED_AT_SIGN_IN.format(table=table, role=WEB_ROLE),
                f"DROP POLICY sign_in_asks ON moves_{table};",
            )
            for table in ("move", "forwarding")
        ],
        migrations.RunSQL(_LEAVING, migrations.RunSQL.noop),
        migrations.RunSQL(_FIGURES, migrations.RunSQL.noop),
        migrations.RunSQL(_AT_REST, migrations.RunSQL.noop),
    ]
