"""Documents are shown to their own account. What was issued stays; only its open and credited amounts move.

A customer for which its provider is billed sees that; the provider reads, at a door of its own, what its next bill is
worked out from.
"""

from django.db import migrations

from seatledger.shared.walls import WEB_ROLE, append_only, staff_wall, tenant_wall

_TENANT_TABLES = (
    "accountbilling",
    "balanceentry",
    "billingdetails",
    "document",
    "documentfile",
    "issue",
    "line",
    "onebill",
    "settlement",
    "void",
)

_ISSUED_STAYS = """
CREATE FUNCTION refuse_change_of_issued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM invoices_issue
             WHERE document_id = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid) THEN
    RAISE EXCEPTION 'what was issued is never changed or removed (%)', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER issued_documents_stay BEFORE UPDATE OR DELETE ON invoices_document
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_issued('id');
CREATE TRIGGER issued_lines_stay BEFORE UPDATE OR DELETE ON invoices_line
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_issued('document_id');

CREATE FUNCTION refuse_change_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.credited_minor >= OLD.credited_minor
     AND to_jsonb(NEW) - 'open_minor' - 'credited_minor' = to_jsonb(OLD) - 'open_minor' - 'credited_minor' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a number that was given is never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER given_numbers_stay BEFORE UPDATE OR DELETE ON invoices_issue
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_number();
"""

_BACK = """
DROP TRIGGER given_numbers_stay ON invoices_issue;
DROP TRIGGER issued_lines_stay ON invoices_line;
DROP TRIGGER issued_documents_stay ON invoices_document;
DROP FUNCTION refuse_change_of_number();
DROP FUNCTION refuse_change_of_issued();
"""
_SHOW_WHO_PAYS = f"""
CREATE POLICY who_pays_is_seen ON invoices_onebill FOR SELECT TO {WEB_ROLE}
  USING (account_id = (SELECT bound_provider()));
"""
# The customers of a provider with whom one bill for all was agreed, in its currency; nobody's at any other door.
_CUSTOMERS = """(SELECT bound_door()) = 'one_bill' AND account_id IN (
  SELECT customer.id FROM accounts_account customer JOIN invoices_onebill agreed
    ON agreed.account_id = customer.provider_id AND agreed.currency = customer.currency
  WHERE customer.provider_id = (SELECT bound_account()))"""
_FORESEEN = (
    "subscriptions_subscription",
    "subscriptions_subscriptionitem",
    "subscriptions_change",
    "licences_ledgerentry",
    "licences_assignment",
    "invoices_accountbilling",
    "invoices_document",
    "invoices_line",
    "invoices_void",
)


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0001_initial"),
        ("accounts", "0002_walls"),
        ("events", "0002_walls"),
        ("licences", "0002_walls"),
        ("subscriptions", "0002_walls"),
    ]

    operations = [
        *[tenant_wall(f"invoices_{table}") for table in _TENANT_TABLES],
        *[
            append_only(f"invoices_{table}")
            for table in ("balanceentry", "settlement", "void", "sellerchange")
        ],
        staff_wall("invoices_numberelsewhere"),
        migrations.RunSQL(_ISSUED_STAYS, _BACK),
        migrations.RunSQL(_SHOW_WHO_PAYS, "DROP POLICY who_pays_is_seen ON invoices_onebill;"),
        *[
            migrations.RunSQL(
                f"CREATE POLICY one_bill_is_foreseen ON {table} FOR SELECT TO {WEB_ROLE} USING ({_CUSTOMERS});",
                f"DROP POLICY one_bill_is_foreseen ON {table};",
            )
            for table in _FORESEEN
        ],
    ]
