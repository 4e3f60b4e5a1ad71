"""What the console's list of accounts is found by: words of names, addresses of people, states and dates."""

from django.db import migrations

INDEXES = {
    "accounts_by_lower_name": 'accounts_account (lower(name) COLLATE "C", id)',
    "accounts_by_word": "accounts_account USING gin (to_tsvector('simple', name))",
    "accounts_by_serial": 'accounts_account (serial_number COLLATE "C")',
    "users_by_address": 'people_user (email COLLATE "C", account_id) WHERE deleted_at IS NULL',
    "users_by_domain": "people_user (split_part(email, '@', 2) COLLATE \"C\", account_id) WHERE deleted_at IS NULL",
    "pools_by_expiry": "licences_pool (terms, expires_on, account_id)",
    "accounts_that_lapsed": "accounts_account (id) WHERE lapsed_at IS NOT NULL",
    "accounts_that_wait": "invoices_accountbilling (account_id) WHERE parked_at IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_walls"),
        ("accounts", "0002_walls"),
        ("people", "0002_walls"),
        ("licences", "0002_walls"),
        ("invoices", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}")
        for name, what in INDEXES.items()
    ]
