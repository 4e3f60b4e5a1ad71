"""Transfer code: the square that a banking app reads, so that nobody types an IBAN.

Source: European Payments Council, EPC069-12, Quick Response Code: Guidelines to Enable the Data Capture for the
Initiation of a SEPA Credit Transfer, version 2.
"""

import io
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode

from seatledger.domain.invoices.papers.content import Paper

_LONGEST_NAME: Final = 70
_MOST_MINOR: Final = 99_999_999_999


def transfer_code_text(paper: Paper) -> str:
    """Return what the square says of an invoice that is to be paid in euro to an IBAN; empty for every other."""
    seller, amount = paper.seller, paper.to_pay
    if paper.is_credit_note or not seller.iban or paper.currency != "EUR":
        return ""
    if not 0 < amount.amount_minor <= _MOST_MINOR:
        return ""
    iban, name = "".join(seller.iban.split()), seller.name[:_LONGEST_NAME]
    first = ("BCD", "002", "1", "SCT", seller.bic, name, iban, f"EUR{amount.to_text()}")
    return "\n".join((*first, "", "", paper.reference))


def draw_transfer_code(paper: Paper) -> str:
    """Return the square as SVG; empty where there is none."""
    text = transfer_code_text(paper)
    if not text:
        return ""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode())
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue().decode()
