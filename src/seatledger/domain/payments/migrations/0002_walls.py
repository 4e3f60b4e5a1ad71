"""How an account pays is shown to that account alone."""

from django.db import migrations

from seatledger.shared.walls import tenant_wall


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("accounts", "0002_walls")]

    operations = [tenant_wall("payments_paymentmethod")]
