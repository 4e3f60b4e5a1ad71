"""What staff can do to an account. Each deed is said once: who may, what it shows, how much it weighs, and how it is done."""

from seatledger.domain.staff.deeds import (
    closing,
    licences,
    money,
    one_bills,
    outcomes,
    payments,
    quotations,
    terms,
)
from seatledger.domain.staff.deeds.base import Arguments, Deed, Figures, Weight

DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        *licences.DEEDS,
        *quotations.DEEDS,
        *terms.DEEDS,
        *one_bills.DEEDS,
        *money.DEEDS,
        *payments.DEEDS,
        *outcomes.DEEDS,
        *closing.DEEDS,
    )
}

__all__ = ["DEEDS", "Arguments", "Deed", "Figures", "Weight"]
