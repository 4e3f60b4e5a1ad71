"""The figures are the vendor's staff's own. Those of a month that is over stay, and lists are read in their order."""

from django.db import migrations

from seatledger.shared.walls import staff_wall

TABLES = (
    "month",
    "accountmonth",
    "monthtotal",
    "licencemonth",
    "renewal",
    "renewaltotal",
    "ending",
    "endingtotal",
)
_STAY = """
CREATE FUNCTION figures_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM figures_month WHERE month = OLD.month AND is_over) THEN
    RAISE EXCEPTION 'figures of a month that is over are never changed or removed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
_OF_MONTHS = ("month", "accountmonth", "monthtotal", "licencemonth")
INDEXES = {
    "revenue_by_size": "figures_accountmonth (month, currency, (closing / denominator) DESC, about_id)",
    "movements_by_size": "figures_accountmonth (month, currency, movement, (abs(closing - opening) / denominator) DESC, about_id)",
    "active_by_month": "figures_accountmonth (month, about_id) WHERE is_active",
    "pools_by_type": "licences_pool (licence_type_id, account_id)",
    "trials_by_beginning": "subscriptions_subscription (started_at) WHERE free_until IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0001_initial"),
        ("closures", "0002_walls"),
        ("accounts", "0002_walls"),
        ("licences", "0002_walls"),
        ("subscriptions", "0002_walls"),
    ]

    operations = [
        *[staff_wall(f"figures_{table}") for table in TABLES],
        migrations.RunSQL(_STAY, "DROP FUNCTION figures_stay()"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON figures_{table} FOR EACH ROW EXECUTE FUNCTION figures_stay()",
                f"DROP TRIGGER {table}_stays ON figures_{table}",
            )
            for table in _OF_MONTHS
        ],
        *[
            migrations.RunSQL(
                f"CREATE INDEX {name} ON {what}",
                f"DROP INDEX {name}",
            )
            for name, what in INDEXES.items()
        ],
    ]
