"""The one place where text from outside is cleaned or refused, before an action stores it.

A name is shown in tables, files, mails and invoices for years, so it holds nothing that a reader cannot see or that
changes how its neighbours read.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from seatledger.shared.errors import Refused

LONGEST_EMAIL = 254
LONGEST_SEARCH = 200

# Two format characters that names in Persian, Hindi and others are written with.
_JOINERS = "\u200c\u200d"
# Control, format (marks and overrides of direction among them), surrogates, line and paragraph separators.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# What stands where bytes could not be read as text.
_LOST = "\ufffd"
# A composed character is at most this much shorter than what was typed for it.
_MOST_COMBINED = 4

# What a spreadsheet would take for the beginning of a formula; the last four are the wide forms of the first.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class UnfitText(Refused):
    """The text is empty, too long or holds characters that no name is written with."""

    code = "unfit_text"


class UnfitEmail(Refused):
    """This is no e-mail address."""

    code = "unfit_email"


def clean_name(text: str, max_length: int, *, what: str = "The name") -> str:
    """Return `text` trimmed and in Unicode's composed form (NFC). Raises UnfitText when nothing is left of it too.

    `what` begins the refusal's sentence, for example "The first name".
    """
    cleaned = clean_text(text, max_length, what=what)
    if not cleaned.strip(_JOINERS):
        raise UnfitText(f"{what} is empty. Write at least one character.")
    return cleaned


def clean_text(text: str, max_length: int, *, what: str = "The text") -> str:
    """Return one line of text trimmed and composed, which may be empty.

    Raises UnfitText when it is longer than `max_length` characters or holds control characters, lone surrogates or
    marks of writing direction.
    """
    if len(text) <= max_length * _MOST_COMBINED:
        cleaned = unicodedata.normalize("NFC", text.strip())
        for character in cleaned:
            if _is_refused(character):
                raise UnfitText(
                    f"{what} holds a character that cannot be shown (U+{ord(character):04X}). Remove it."
                )
        if len(cleaned) <= max_length:
            return cleaned
    raise UnfitText(f"{what} is too long. Use at most {max_length} characters.")


def clean_search(text: str) -> str:
    """Return what to look for: cut to the longest that any name is, without what no name holds. Never refuses."""
    return "".join(filter(lambda character: not _is_refused(character), text[:LONGEST_SEARCH])).strip()


def clean_email(text: str) -> str:
    """Return an e-mail address trimmed and in lower case. Raises UnfitText and UnfitEmail."""
    address = clean_text(text, LONGEST_EMAIL, what="The e-mail address").lower()
    try:
        validate_email(address)
    except ValidationError:
        raise UnfitEmail("This is no e-mail address. Write one such as name@example.com.") from None
    # Django compares without regard to case, and so lets through letters whose small form is another letter.
    if len(address) > LONGEST_EMAIL or not address.rpartition("@")[0].isascii():
        raise UnfitEmail("This is no e-mail address that can be written to. Use plain letters before the @.")
    return address


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before it makes it text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _is_refused(character: str) -> bool:
    if character in _JOINERS:
        return False
    if character == _LOST:
        return True
    # The last two code points of each plane are never characters; files in XML cannot hold them.
    return unicodedata.category(character) in _REFUSED_CATEGORIES or ord(character) & 0xFFFE == 0xFFFE
