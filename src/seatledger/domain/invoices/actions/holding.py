"""Hold an invoice while an action changes what is owed of it."""

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentKind, Issue
from seatledger.domain.invoices.refusals import InvoiceIsVoid, NotAnInvoice


def hold_invoice(invoice: Document) -> tuple[Account, Issue]:
    """Hold the account and the invoice's number until the transaction ends, and return both fresh.

    Raises NotAnInvoice for a credit note or a draft, and InvoiceIsVoid.
    """
    account = lock_account(invoice.account)
    issues = Issue.objects.select_for_update(no_key=True, of=["self"])
    issue = (
        issues.select_related("document", "series")
        .filter(document=invoice, account=account, document__kind=DocumentKind.INVOICE)
        .first()
    )
    if issue is None:
        raise NotAnInvoice("This is no invoice that was issued. Choose one that has a number.")
    if hasattr(issue.document, "void"):
        raise InvoiceIsVoid(f"{issue.reference} was declared void: nothing of it is owed.")
    return account, issue
