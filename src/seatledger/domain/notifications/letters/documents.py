"""What letters about invoices and credit notes speak of, and the files that go along."""

from django.urls import reverse

from seatledger.domain.invoices.models import DocumentFile, FileKind
from seatledger.domain.invoices.papers.names import content_type, file_name
from seatledger.domain.invoices.queries import get_document
from seatledger.domain.notifications.letters.content import Attachment, Content, Reader, address_of
from seatledger.engine.money import Money

# The page, which holds the electronic invoice as CII, and the same as UBL where the document has an electronic form.
_SENT = (FileKind.PDF, FileKind.UBL)


def document_issued(reader: Reader) -> Content:
    """Return what an invoice or credit note says, with its page and its electronic form."""
    about = reader.message.about
    document = get_document(reader.account, about["document_id"])
    issue, figures = document.issue, reader.figures
    order, seller = document.billed_to.get("purchase_order", ""), document.sold_by
    files = {
        FileKind(row.kind): row
        for row in DocumentFile.objects.filter(account=reader.account, document=document, kind__in=_SENT)
    }
    return Content(
        {
            "reference": issue.reference,
            "dated_on": figures.day(document.dated_on),
            "due_on": figures.day(document.due_on),
            "total": figures.money(Money(document.total_minor, document.currency)),
            "is_open": figures.money(Money(issue.open_minor, document.currency)),
            "something_open": issue.open_minor > 0,
            "partly": 0 < issue.open_minor < document.total_minor,
            "purchase_order": order,
            "corrects": document.corrects.issue.reference if document.corrects else "",
            "seller": seller.get("name", ""),
            "copy": about.get("copy") == "yes",
            "electronic": FileKind.UBL in files,
            "link": address_of(reverse("portal:invoice", args=[document.pk])),
        },
        reply_to=[seller["email"]] if seller.get("email") else [],
        attachments=[
            Attachment(file_name(issue.reference, kind), bytes(files[kind].content), content_type(kind))
            for kind in _SENT
            if kind in files
        ],
    )
