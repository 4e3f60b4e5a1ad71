"""A deed keeps how much it weighed, so that many small ones are found to be a large one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_account_has_licences"),
        ("staff", "0005_accounts_without_licences"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffdeed",
            name="amount_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="staffdeed",
            name="days",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="staffdeed",
            name="licences",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="staffdeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0), ("days__gte", 0), ("licences__gte", 0)),
                name="no_deed_weighs_less_than_nothing",
            ),
        ),
    ]
