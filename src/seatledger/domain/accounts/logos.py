"""A logo as it was uploaded becomes a picture of our own: what is stored was drawn anew from its points alone."""

from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from seatledger.shared.errors import Refused

LARGEST_FILE: Final = 1_000_000
LARGEST_SIDE: Final = 4_000
# Twice as large as it is shown, for fine screens.
_STORED_SIZE: Final = (480, 128)
_FORMATS: Final = ("PNG", "JPEG", "WEBP")


class UnfitLogo(Refused):
    """This file is no picture that can be shown."""

    code = "unfit_logo"


def redraw_logo(content: bytes) -> bytes:
    """Return a PNG of the picture in a file, no larger than it is shown. Raises UnfitLogo.

    Nothing of the file itself is kept: no metadata, nothing behind the picture, and no drawing that is a program.
    """
    if len(content) > LARGEST_FILE:
        raise UnfitLogo("The file is larger than 1 MB. Save the logo smaller.")
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            # The size is known before the points are read: a small file can claim to be a very large picture.
            if max(picture.size) > LARGEST_SIDE:
                raise UnfitLogo(f"The picture is larger than {LARGEST_SIDE:,} points. Save the logo smaller.")
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise UnfitLogo("This is no picture that can be read. Choose a PNG, JPEG or WebP file.") from None
    drawn.thumbnail(_STORED_SIZE)
    stored = BytesIO()
    Image.frombytes("RGBA", drawn.size, drawn.tobytes()).save(stored, "PNG", optimize=True)
    return stored.getvalue()
