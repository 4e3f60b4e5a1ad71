"""Who is told of invoices and credit notes: when their files are there, which go along."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import Document, DocumentKind, FileKind
from seatledger.domain.invoices.queries import get_billing_details
from seatledger.domain.notifications.models import MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told

# Files of older documents are made anew at times, as after an import: nobody is told of those.
OLD: Final = timedelta(days=35)
_KIND_OF: Final = {
    DocumentKind.INVOICE: MessageKind.INVOICE_ISSUED,
    DocumentKind.CREDIT_NOTE: MessageKind.CREDIT_NOTE_ISSUED,
}


def tell_of_files(event: Event) -> Iterator[Told]:
    """Send a document to whom billing is told and to the addresses that get copies, once its page is made."""
    if FileKind.PDF.value not in event.payload["kinds"]:
        return
    document = Document.objects.select_related("account", "issue").get(pk=event.payload["document_id"])
    if event.at - document.issue.issued_at > OLD:
        return
    kind = _KIND_OF[DocumentKind(document.kind)]
    cause, about = f"document:{document.pk}", {"document_id": str(document.pk)}
    seen = set()
    for told in tell_readers(event.account_id, Topic.BILLING, kind, about=about, cause=cause):
        seen.add(told.recipient.lower())
        yield told
    for address in get_billing_details(document.account).copies_to:
        if address.lower() not in seen:
            seen.add(address.lower())
            yield Told(kind, address, None, about | {"copy": "yes"}, cause)
