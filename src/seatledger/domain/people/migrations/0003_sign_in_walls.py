"""What people sign in with is shown to those who see the person: the account's own, and the sign-in door."""

from django.db import migrations

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

_A_PERSON_SEEN = "EXISTS (SELECT FROM people_user person WHERE person.id = user_id)"
_AN_ADDRESS_SEEN = "EXISTS (SELECT FROM account_emailaddress address WHERE address.id = email_address_id)"


def wall(table: str, seen: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY of_people_seen ON {table} TO {WEB_ROLE} USING ({seen}) WITH CHECK ({seen});
        CREATE POLICY every_account ON {table} TO {STAFF_ROLE} USING (true) WITH CHECK (true);
        """,
        f"""
        DROP POLICY of_people_seen ON {table};
        DROP POLICY every_account ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_walls"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        wall("account_emailaddress", _A_PERSON_SEEN),
        wall("mfa_authenticator", _A_PERSON_SEEN),
        wall("account_emailconfirmation", _AN_ADDRESS_SEEN),
    ]
