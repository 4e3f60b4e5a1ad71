"""An account knows whether it holds licences; the console's list finds those that hold none by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="has_licences",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whether it holds licences on trial or paid, over or not. Kept by the database as pools come and go.",
            ),
        ),
    ]
