"""The names to sort by are stored, so that an index of plain columns can answer behind row-level security."""

import django.db.models.functions.text
from django.db import migrations, models

# A trigger that runs before the row is stored does not know the columns that the database works out.
CHANGE_LITTLE = """
CREATE OR REPLACE FUNCTION sign_in_changes_little() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open text[] := '{{password,last_login{}}}';
BEGIN
  IF to_jsonb(NEW) - open <> to_jsonb(OLD) - open THEN
    RAISE EXCEPTION 'the sign-in pages change a password and last_login only'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_provider_is_seen"),
        ("people", "0004_narrow_door"),
    ]

    operations = [
        migrations.RunSQL(
            CHANGE_LITTLE.format(",last_name_lower,first_name_lower"), CHANGE_LITTLE.format("")
        ),
        migrations.RemoveIndex(
            model_name="user",
            name="users_by_name",
        ),
        migrations.AddField(
            model_name="user",
            name="first_name_lower",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("first_name"),
                output_field=models.CharField(max_length=100),
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="last_name_lower",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("last_name"),
                output_field=models.CharField(max_length=100),
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["account", "last_name_lower", "first_name_lower", "id"], name="users_by_sorted_name"
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("is_active", False)),
                fields=["account"],
                name="deactivated_users",
            ),
        ),
    ]
