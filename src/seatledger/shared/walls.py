"""What migrations say to PostgreSQL beyond tables: row-level security, append-only tables, chains.

Two roles exist beside the owner, and neither owns anything. `seatledger_web` sees the rows of the account its
transaction is bound to (`boundary.bind_account`) and no others. `seatledger_staff`, for jobs and the vendor's staff,
sees every account.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL

WEB_ROLE = "seatledger_web"
STAFF_ROLE = "seatledger_staff"

_CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  IF NOT pg_has_role(current_user, '{role}', 'MEMBER') OR
     (SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT {role} TO %I', current_user);
  END IF;
END $$;
"""

_BOUND = """
CREATE FUNCTION bound_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('seatledger.account', true), '')::uuid;
CREATE FUNCTION bound_door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('seatledger.door', true), '');
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def roles_and_bindings() -> list[RunSQL]:
    """Return the operations that make the two roles and the functions that policies ask."""
    roles = [RunSQL(_CREATE_ROLE.format(role=role), RunSQL.noop) for role in (WEB_ROLE, STAFF_ROLE)]
    drop = "DROP FUNCTION refuse_change(); DROP FUNCTION bound_door(); DROP FUNCTION bound_account();"
    return [*roles, RunSQL(_BOUND, drop)]


def tenant_wall(table: str, *, account: str = "account_id", also: str = "") -> RunSQL:
    """Return the operation that shows a table's rows to the bound account alone.

    `also` is a further SQL condition under which the web may read and change a row.
    """
    seen = f"{account} = (SELECT bound_account())" + (f" OR {also}" if also else "")
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY bound_account_only ON {table} TO {WEB_ROLE} USING ({seen}) WITH CHECK ({seen});
        CREATE POLICY every_account ON {table} TO {STAFF_ROLE} USING (true) WITH CHECK (true);
        """,
        f"""
        DROP POLICY bound_account_only ON {table};
        DROP POLICY every_account ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def staff_wall(table: str) -> RunSQL:
    """Return the operation that hides a table from the web altogether: it is the vendor's staff's own."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY staff_only ON {table} TO {STAFF_ROLE} USING (true) WITH CHECK (true);
        """,
        f"DROP POLICY staff_only ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def sign_in_door(table: str, *, condition: str = "true") -> RunSQL:
    """Return the operation that lets the sign-in pages, and they alone, find and update a row of any account."""
    return RunSQL(
        f"""
        CREATE POLICY sign_in_finds ON {table} FOR SELECT TO {WEB_ROLE}
          USING ((SELECT bound_door()) = 'sign_in' AND {condition});
        CREATE POLICY sign_in_updates ON {table} FOR UPDATE TO {WEB_ROLE}
          USING ((SELECT bound_door()) = 'sign_in' AND {condition});
        """,
        f"DROP POLICY sign_in_finds ON {table}; DROP POLICY sign_in_updates ON {table};",
    )


def append_only(table: str) -> RunSQL:
    """Return the operation that makes the database refuse every UPDATE and DELETE on a table."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER {table}_is_append_only ON {table};",
    )


def chained(table: str, columns: Sequence[str]) -> RunSQL:
    """Return the operation that chains a table's rows per account.

    On insert each row gets the next `sequence` of its account, its predecessor's hash, and its own: SHA-256 over
    the predecessor's hash and the canonical form, which is the JSON array of `columns` (instants as seconds since
    1970, so that no session's time zone matters). `events_chainhead` keeps the last link, so that a removal at the
    end shows too.

    The last link is found by its index alone: the trigger's plan is made once a session, perhaps while the table is
    empty, when reading all of it is cheapest; kept for an import of thousands of rows, that plan would read all of
    them again for each.
    """
    values = ", ".join(
        f"extract(epoch FROM entry.{c})" if c.endswith("_at") else f"entry.{c}" for c in columns
    )
    return RunSQL(
        f"""
        CREATE FUNCTION {table}_canonical(entry {table}) RETURNS text LANGUAGE sql STABLE
          RETURN jsonb_build_array(entry.account_id, entry.sequence, {values})::text;
        CREATE FUNCTION {table}_link() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
        SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
        DECLARE last record;
        BEGIN
          -- One writer of an account at a time, or two would follow the same predecessor.
          PERFORM 1 FROM accounts_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
          SELECT sequence, hash INTO last FROM {table}
            WHERE account_id = NEW.account_id ORDER BY sequence DESC LIMIT 1;
          NEW.sequence := coalesce(last.sequence, 0) + 1;
          NEW.previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
          NEW.hash := sha256(NEW.previous_hash || convert_to({table}_canonical(NEW), 'UTF8'));
          RETURN NEW;
        END $$;
        CREATE FUNCTION {table}_head() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
          INSERT INTO events_chainhead (account_id, chain, sequence, hash)
            SELECT DISTINCT ON (account_id) account_id, '{table}', sequence, hash
            FROM added ORDER BY account_id, sequence DESC
          ON CONFLICT (account_id, chain) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash;
          RETURN NULL;
        END $$;
        CREATE TRIGGER {table}_is_chained BEFORE INSERT ON {table}
          FOR EACH ROW EXECUTE FUNCTION {table}_link();
        CREATE TRIGGER {table}_keeps_its_head AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
          FOR EACH STATEMENT EXECUTE FUNCTION {table}_head();
        """,
        f"""
        DROP TRIGGER {table}_is_chained ON {table};
        DROP TRIGGER {table}_keeps_its_head ON {table};
        DROP FUNCTION {table}_head(); DROP FUNCTION {table}_link(); DROP FUNCTION {table}_canonical({table});
        """,
    )
