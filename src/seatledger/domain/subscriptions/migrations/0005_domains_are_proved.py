"""A code goes to a mailbox of the domain, and whoever joins finds a proved domain at a door of its own."""

from django.db import migrations, models

JOINING_FINDS = """
CREATE POLICY joining_finds ON subscriptions_emaildomain FOR SELECT TO seatledger_web
  USING ((SELECT bound_door()) = 'joining' AND verified_at IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_provider_is_seen"),
        ("subscriptions", "0004_items_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="emaildomain",
            name="mailbox",
            field=models.CharField(
                choices=[
                    ("admin", "admin"),
                    ("administrator", "administrator"),
                    ("webmaster", "webmaster"),
                    ("hostmaster", "hostmaster"),
                    ("postmaster", "postmaster"),
                ],
                default="postmaster",
                help_text="Where the code is sent.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="emaildomain",
            name="asked_at",
            field=models.DateTimeField(help_text="When the code was sent the last time."),
        ),
        migrations.AlterField(
            model_name="emaildomain",
            name="domain",
            field=models.CharField(help_text="In lower case, and in letters of ASCII.", max_length=253),
        ),
        migrations.AddConstraint(
            model_name="emaildomain",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mailbox__in", ["admin", "administrator", "webmaster", "hostmaster", "postmaster"])
                ),
                name="mailbox_is_known",
            ),
        ),
        migrations.RunSQL(JOINING_FINDS, "DROP POLICY joining_finds ON subscriptions_emaildomain;"),
    ]
