"""Serial numbers: the region, eight characters nobody confuses, and a check character."""

import re
import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

# Crockford's base 32: without I, L, O and U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SHAPE = re.compile(r"[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


def make_serial_number(region: str) -> str:
    """Return a new serial number such as `EU-7K3M-9QXT-4`.

    The check character is ISO 7064 Mod 37,36 over region and characters, so one wrong or two swapped characters show.
    """
    prefix = region[:2].upper()
    body = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    check = mod_37_36.calc_check_digit(prefix + body)
    return f"{prefix}-{body[:4]}-{body[4:]}-{check}"


def is_serial_number(text: str) -> bool:
    """Tell whether `text` has the shape and the check character of a serial number."""
    if not _SHAPE.fullmatch(text):
        return False
    try:
        mod_37_36.validate(text.replace("-", ""))
    except ValidationError:
        return False
    return True
