"""The last link of a chain is found by its index, whatever the table looked like when the plan was made."""

from django.db import migrations

from seatledger.shared.walls import find_last_link_by_index


class Migration(migrations.Migration):
    dependencies = [("licences", "0005_bought_changes")]

    operations = [find_last_link_by_index("licences_ledgerentry")]
