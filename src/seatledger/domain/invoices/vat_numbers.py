"""VAT numbers: how each country forms them, check digits and all.

That a number is well formed says nothing of whether it was given to anybody: nobody is asked (VIES, for example, is not).
"""

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from seatledger.domain.invoices.countries import EU, taxed_as
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_text

LONGEST_VAT_NUMBER = 20
# Greece writes its own name before its numbers. Source: Council Directive 2006/112/EC, Article 215.
_PREFIXES = {"GR": "EL"}
# Numbers of Northern Ireland, for trade in goods with the Union. Source: Directive (EU) 2020/1756.
_NORTHERN_IRELAND = "XI"
_CHECKED = EU | {"GB", "CH", "NO"}


class UnfitVatNumber(Refused):
    """The country forms its VAT numbers in another way."""

    code = "unfit_vat_number"


def clean_vat_number(text: str, country: str) -> str:
    """Return a VAT number of `country` without spaces, behind its prefix: `DE136695976`. Nothing stays nothing.

    The number may be typed with the prefix or without it. Numbers of the EU, the United Kingdom, Switzerland and Norway
    are checked; those of other countries are kept as typed. Raises UnfitVatNumber and UnfitText.
    """
    typed = clean_text(text, 2 * LONGEST_VAT_NUMBER, what="The VAT number").upper()
    area = taxed_as(country)
    if not typed or area not in _CHECKED:
        return clean_text(typed, LONGEST_VAT_NUMBER, what="The VAT number")
    rules = get_cc_module(area.lower(), "vat")
    assert rules is not None, "every country that is checked has its rules"
    try:
        number = rules.validate(typed)
    except ValidationError:
        raise UnfitVatNumber(
            f"“{typed}” is no VAT number of {country}. Check each digit, or choose the country that gave the number."
        ) from None
    prefix = _PREFIXES.get(area, area)
    if area == "GB" and typed.startswith(_NORTHERN_IRELAND):
        prefix = _NORTHERN_IRELAND
    return number if number.startswith(prefix) else prefix + number
