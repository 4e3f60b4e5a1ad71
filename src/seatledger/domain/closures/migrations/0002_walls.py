"""Closures are shown to their own account; only jobs and staff move them on.

While an account is being closed it needs no administrator any more. Once it is closed, its chained rows may be erased,
by one function that asks for that, and by nothing else.
"""

from django.db import migrations

from seatledger.shared.walls import STAFF_ROLE, staff_wall, tenant_wall

_TENANT_TABLES = ("closure", "closurestep", "closurecontact", "erasedtable", "certificate")

_NO_ADMINISTRATOR_NEEDED = """
CREATE FUNCTION is_being_closed(account uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  RETURN EXISTS (SELECT FROM closures_closure
                 WHERE account_id = account AND state IN ('closing', 'closed', 'erased'));
CREATE OR REPLACE FUNCTION keep_an_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE affected uuid;
BEGIN
  IF TG_TABLE_NAME = 'accounts_account' THEN affected := NEW.id; ELSE affected := OLD.account_id; END IF;
  -- One after the other: the second of two transactions sees what the first has left.
  PERFORM 1 FROM accounts_account WHERE id = affected FOR NO KEY UPDATE;
  IF FOUND AND NOT is_being_closed(affected) AND NOT EXISTS (
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
"""

_ERASING = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('seatledger.erasing', true) = to_jsonb(OLD) ->> 'account_id'
     AND EXISTS (SELECT FROM closures_closure
                 WHERE account_id = (to_jsonb(OLD) ->> 'account_id')::uuid AND state = 'closed') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION erase_chain(account uuid, chain_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM closures_closure WHERE account_id = account AND state = 'closed') THEN
    RAISE EXCEPTION 'only the rows of a closed account are erased' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM set_config('seatledger.erasing', account::text, true);
  IF chain_name = 'events_event' THEN
    DELETE FROM events_event WHERE account_id = account;
  ELSIF chain_name = 'licences_ledgerentry' THEN
    DELETE FROM licences_ledgerentry WHERE account_id = account;
  ELSE
    RAISE EXCEPTION 'no such chain: %', chain_name;
  END IF;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM events_chainhead WHERE account_id = account AND chain = chain_name;
  PERFORM set_config('seatledger.erasing', '', true);
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION erase_chain(uuid, text) FROM PUBLIC;
"""
_FOR_STAFF = f"GRANT EXECUTE ON FUNCTION erase_chain(uuid, text) TO {STAFF_ROLE};"


class Migration(migrations.Migration):
    dependencies = [
        ("closures", "0001_initial"),
        ("accounts", "0002_walls"),
        ("people", "0002_walls"),
        ("licences", "0002_walls"),
        ("events", "0002_walls"),
    ]

    operations = [
        *[tenant_wall(f"closures_{table}") for table in _TENANT_TABLES],
        staff_wall("closures_signingkey"),
        migrations.RunSQL(_NO_ADMINISTRATOR_NEEDED, migrations.RunSQL.noop),
        migrations.RunSQL(_ERASING + _FOR_STAFF, migrations.RunSQL.noop),
    ]
