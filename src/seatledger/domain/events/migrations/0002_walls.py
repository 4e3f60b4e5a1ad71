"""Events are chained, append-only and shown to their own account alone."""

from django.db import migrations

from seatledger.shared.walls import append_only, chained, tenant_wall


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        tenant_wall("events_event"),
        tenant_wall("events_chainhead"),
        append_only("events_event"),
        chained(
            "events_event",
            ["kind", "at", "recorded_at", "actor_kind", "actor_id", "actor_label", "payload"],
        ),
    ]
