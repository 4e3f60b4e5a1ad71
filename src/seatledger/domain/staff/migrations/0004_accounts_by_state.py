"""What the console's list of accounts is read from, and by what closed accounts and providers are found."""

from django.db import migrations

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

# The first and the last are in the order of the list: a page of them is a piece of the index.
INDEXES = {
    "closed_accounts_by_lower_name": 'accounts_account (lower(name) COLLATE "C", id) WHERE closed_at IS NOT NULL',
    "closures_under_way": "closures_closure (account_id) WHERE state IN ('requested', 'scheduled', 'notified', 'closing')",
    # Whether an account holds valid licences is asked of one account after the other, and answered by the index alone.
    "pools_by_account": "licences_pool (account_id) INCLUDE (terms, expires_on)",
    "providers_by_lower_name": "accounts_account (lower(name) COLLATE \"C\", id) WHERE kind = 'provider'",
}
# Its owner's, and so without the table's policies: conditions on it may use any index. It shows the same rows to staff,
# and nothing to anybody else. Whoever changes one of these columns makes it anew.
HERE = f"""
CREATE VIEW staff_accounts_here AS
  SELECT id, serial_number, name, kind, time_zone, closed_at, lapsed_at FROM accounts_account WHERE moving_to = ''
  WITH CHECK OPTION;
REVOKE ALL ON staff_accounts_here FROM {WEB_ROLE}, {STAFF_ROLE};
GRANT SELECT ON staff_accounts_here TO {STAFF_ROLE};
"""  # noqa: S608 -- names of this project


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_finding_accounts"),
        ("accounts", "0002_walls"),
        ("closures", "0002_walls"),
        ("licences", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(HERE, "DROP VIEW staff_accounts_here"),
        *(
            migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}")
            for name, what in INDEXES.items()
        ),
    ]
