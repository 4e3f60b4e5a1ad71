"""Changes of a subscription are numbered as they were asked for: two for one instant, asked for at one, have an order."""

from django.db import migrations, models

_NUMBERS = """
UPDATE subscriptions_change AS change SET number = told.number
FROM (
  SELECT id, row_number() OVER (
    PARTITION BY subscription_id
    ORDER BY asked_at, array_position(ARRAY['plan', 'quantity', 'paying', 'end'], kind::text), effective_at, id
  ) AS number
  FROM subscriptions_change
) AS told
WHERE told.id = change.id
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="number",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Counted from one within the subscription: of two asked for at one instant, the later counts.",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(_NUMBERS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                fields=("subscription", "number"), name="changes_come_one_after_the_other"
            ),
        ),
    ]
