"""Making: store the PDF of a certificate. It follows from the certificate alone, so making it again changes nothing."""

from django.db import transaction

from seatledger.domain.closures.models import Certificate


@transaction.atomic
def store_pdf(certificate: Certificate) -> bool:
    """Make and store the PDF, unless it is there; returns whether this call did."""
    # Held so that two jobs do not set the same page.
    held = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    if held.pdf:
        return False
    # Only who makes files loads what sets pages; a request has no use for it.
    from seatledger.domain.closures.papers.page import set_certificate  # noqa: PLC0415 -- as said

    held.pdf = set_certificate(held)
    held.save(update_fields=["pdf"])
    return True
