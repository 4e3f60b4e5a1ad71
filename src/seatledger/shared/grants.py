"""What the two roles may do with tables. Run after every migration, so that a new table is never forgotten."""

from django.apps import apps
from django.db import connections

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

# Chained tables: added to, never changed. Their heads are written by the chain's own trigger alone.
_APPEND_ONLY = (
    "events_event",
    "licences_ledgerentry",
    "invoices_balanceentry",
    "invoices_settlement",
    "invoices_void",
    "staff_staffact",
)
# Who sells and at which rates of tax: the vendor's own, loaded from a file.
_SELLERS = "invoices_seller, invoices_sellerchange, invoices_taxrule"
_HEADS = "events_chainhead"
# A view of every account, for the console's list: it knows no policies.
_ACCOUNTS_HERE = "staff_accounts_here"
# What the database says about itself; written by its owner alone.
_CELL = "cell, quiet"


def grant_tables(*, using: str, **_: object) -> None:
    """Let both roles work with the tables: the web reads the catalogue only, and nobody rewrites history."""
    roles = f"{WEB_ROLE}, {STAFF_ROLE}"
    catalogue, staff = tables_of("catalogue"), tables_of("staff")
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"""
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {roles};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {roles};
            REVOKE UPDATE, DELETE ON {", ".join(_APPEND_ONLY)} FROM {roles};
            REVOKE INSERT, UPDATE, DELETE ON {_HEADS}, {_CELL} FROM {roles};
            REVOKE ALL ON {staff}, {_ACCOUNTS_HERE} FROM {WEB_ROLE};
            REVOKE INSERT, UPDATE, DELETE ON {_ACCOUNTS_HERE} FROM {STAFF_ROLE};
            REVOKE INSERT, UPDATE, DELETE ON {catalogue}, {_SELLERS} FROM {WEB_ROLE};
            """
        )


def tables_of(room: str) -> str:
    """Return the names of a room's tables."""
    models = apps.get_app_config(room).get_models(include_auto_created=True)
    return ", ".join(model._meta.db_table for model in models)
