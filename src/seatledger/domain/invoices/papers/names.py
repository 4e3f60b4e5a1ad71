"""Names: what the file of a document is called, and what it is."""

from typing import Final

from seatledger.domain.invoices.models import FileKind

_ENDINGS: Final = {
    FileKind.PDF: ".pdf",
    FileKind.PDF_LETTER: "-letter.pdf",
    FileKind.PDF_WORKING: "-working.pdf",
    FileKind.UBL: "-ubl.xml",
    FileKind.CII: "-cii.xml",
}


def file_name(reference: str, kind: FileKind) -> str:
    """Return the name of a document's file: `INV-7-working.pdf` for the reference `INV-7`."""
    return f"{reference}{_ENDINGS[kind]}"


def content_type(kind: FileKind) -> str:
    """Return the media type of a kind of file."""
    return "application/pdf" if _ENDINGS[kind].endswith(".pdf") else "application/xml"
