"""The database: its server, its walls, its tables."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from seatledger.faces.cli.checks.findings import Finding, ill, watch, well
from seatledger.shared.quiet import find_quiet
from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

OLDEST_SERVER = 150_000
CROWDED = 0.8
UNWALLED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity
ORDER BY 1
"""
# A role that may see everything would walk through every wall.
OPEN_ROLES = """
SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s) AND (rolsuper OR rolbypassrls)
"""


def check_server() -> Iterator[Finding]:
    """Look at the server's version, its settings and how full it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " pg_database_size(current_database()), current_setting('fsync'),"
            " (SELECT count(*) FROM pg_stat_activity), current_setting('max_connections')::int"
        )
        [(number, version, size, fsync, used, most)] = cursor.fetchall()
    words = f"PostgreSQL {version}, {size / 10**6:,.0f} MB, {used} of {most} connections"
    if number < OLDEST_SERVER:
        yield ill("database", words, "Move to PostgreSQL 15 or newer.")
    elif fsync != "on":
        yield ill(
            "database", f"{words}, fsync is {fsync}", "Set fsync = on: without it a crash loses invoices."
        )
    elif used > CROWDED * most:
        yield watch("database", words, "Raise max_connections, or start fewer web processes and threads.")
    else:
        yield well("database", words)


def check_walls() -> Iterator[Finding]:
    """See that both roles can be taken, that neither sees through walls, and that every account's table has one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r, EXISTS (SELECT FROM pg_roles WHERE rolname = r AND pg_has_role(session_user, oid, 'MEMBER'))"
            " FROM unnest(ARRAY[%s, %s]) r",
            [WEB_ROLE, STAFF_ROLE],
        )
        missing = [role for role, is_ours in cursor.fetchall() if not is_ours]
        cursor.execute(OPEN_ROLES, [WEB_ROLE, STAFF_ROLE])
        too_mighty = [role for (role,) in cursor.fetchall()]
        cursor.execute(UNWALLED)
        unwalled = [table for (table,) in cursor.fetchall()]
    if missing:
        yield ill(
            "walls",
            f"the role {missing[0]} cannot be taken",
            "Run `seatledger migrate` as the database's owner.",
        )
    if too_mighty:
        yield ill(
            "walls",
            f"the role {too_mighty[0]} sees through walls",
            f"ALTER ROLE {too_mighty[0]} NOSUPERUSER NOBYPASSRLS",
        )
    if unwalled:
        yield ill(
            "walls",
            f"the table {unwalled[0]} has no row-level security",
            "Run `seatledger migrate`; tell us if it stays so.",
        )
    if not (missing or too_mighty or unwalled):
        yield well("walls", "both roles are bound by row-level security on every account's table")


def check_migrations() -> Iterator[Finding]:
    """Compare the tables with what this version expects."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = set(executor.loader.disk_migrations)
    newer = sorted(set(MigrationRecorder(connection).applied_migrations()) - known)
    if waiting:
        yield ill("migrations", f"{len(waiting)} are not applied", "Run `seatledger migrate`.")
    elif newer:
        yield watch(
            "migrations",
            f"{len(newer)} are of a newer version",
            "Finish the upgrade: start the newer version here too.",
        )
    else:
        yield well("migrations", "the tables are those of this version")


def check_quiet() -> Iterator[Finding]:
    """Say whether anything is sent at all."""
    if quiet := find_quiet():
        yield watch(
            "quiet",
            f"nothing is sent, charged or billed since {quiet.since:%Y-%m-%d %H:%M} UTC: {quiet.why}",
            "Run `seatledger resume` when this installation is to work.",
        )
