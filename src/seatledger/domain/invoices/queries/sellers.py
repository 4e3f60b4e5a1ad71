"""Questions about who sells."""

from datetime import date

from seatledger.domain.invoices.models import Seller, TaxRule


def list_sellers_for_operator() -> list[Seller]:
    """Return every seller with its series of numbers, the default one first."""
    return list(Seller.objects.order_by("-is_default", "key").prefetch_related("series"))


def list_rates_for_operator(seller: Seller, *, on: date) -> list[TaxRule]:
    """Return the rate of tax of each country that a seller has on a day, by country."""
    known = TaxRule.objects.filter(seller=seller, effective_on__lte=on)
    return list(known.order_by("country", "-effective_on").distinct("country"))
