"""Credit notes: what an invoice was credited is counted beside its number, and never exceeds it."""

import django.db.models.deletion
from django.db import migrations, models

_NUMBERS_STAY = """
CREATE OR REPLACE FUNCTION refuse_change_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.credited_minor >= OLD.credited_minor
     AND to_jsonb(NEW) - 'open_minor' - 'credited_minor' = to_jsonb(OLD) - 'open_minor' - 'credited_minor' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a number that was given is never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

_NUMBERS_STAYED = """
CREATE OR REPLACE FUNCTION refuse_change_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'open_minor' = to_jsonb(OLD) - 'open_minor' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a number that was given is never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0002_walls"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="taxrule",
            name="one_tax_rule_a_country_and_day",
        ),
        migrations.AddField(
            model_name="issue",
            name="credited_minor",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Of an invoice, the total of the credit notes for it."
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="of_position",
            field=models.PositiveIntegerField(
                help_text="The line of the corrected invoice that a credit by a person is for.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="settlement",
            name="invoice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settlements",
                to="invoices.document",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects__isnull", True), ("kind", "credit_note"), _connector="OR"),
                name="a_credit_note_alone_corrects",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credited_minor__gte", 0), ("credited_minor__lte", models.F("total_minor"))
                ),
                name="credit_notes_never_exceed_their_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("credit_note__isnull", False),
                        ("invoice__isnull", False),
                        ("kind", "credit_note"),
                        ("payment_id__isnull", True),
                    ),
                    models.Q(
                        ("credit_note__isnull", True),
                        ("invoice__isnull", False),
                        ("kind", "payment"),
                        ("payment_id__isnull", False),
                    ),
                    models.Q(
                        ("credit_note__isnull", True),
                        ("invoice__isnull", False),
                        ("kind", "write_off"),
                        ("payment_id__isnull", True),
                    ),
                    models.Q(
                        ("credit_note__isnull", False),
                        ("invoice__isnull", True),
                        ("kind", "refund"),
                        ("payment_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_settlement_has_its_two_sides",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrule",
            constraint=models.UniqueConstraint(
                fields=("seller", "country", "effective_on"), name="one_tax_rule_a_country_and_day"
            ),
        ),
        migrations.RunSQL(_NUMBERS_STAY, _NUMBERS_STAYED),
    ]
