"""What staff write on documents."""

from seatledger.shared.text import clean_name

LONGEST_TEXT = 300


def clean_reason(reason: str) -> str:
    """Return why a person made or changed a document, which must be said. Raises UnfitText."""
    return clean_name(reason, LONGEST_TEXT, what="The reason")


def clean_line(text: str) -> str:
    """Return what a line is for, which must be said. Raises UnfitText."""
    return clean_name(text, LONGEST_TEXT, what="The line")
