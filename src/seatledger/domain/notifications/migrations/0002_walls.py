"""Messages and webhooks are their account's; whether anybody listens to an account is told to whoever writes its record."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall

_TENANT_TABLES = (
    "message",
    "keptletter",
    "messagechoice",
    "poolmark",
    "webhookendpoint",
    "webhooksecret",
    "webhookdelivery",
    "webhookattempt",
)

LISTENED_TO = """
CREATE FUNCTION webhooks_listened_to(accounts uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT account FROM unnest(accounts) AS account WHERE EXISTS (
    SELECT FROM notifications_webhookendpoint endpoint
    WHERE endpoint.disabled_at IS NULL AND endpoint.removed_at IS NULL
      AND (endpoint.account_id = account OR endpoint.account_id IS NULL));
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        *[tenant_wall(f"notifications_{table}") for table in _TENANT_TABLES],
        migrations.RunSQL(LISTENED_TO, "DROP FUNCTION webhooks_listened_to(uuid[]);"),
    ]
