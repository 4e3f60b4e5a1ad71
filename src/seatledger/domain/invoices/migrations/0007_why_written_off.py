"""Keep why staff wrote an invoice off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0006_files_of_late"),
    ]

    operations = [
        migrations.AddField(
            model_name="settlement",
            name="reason",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Why a person wrote it off; not shown to customers.",
                max_length=300,
            ),
        ),
    ]
