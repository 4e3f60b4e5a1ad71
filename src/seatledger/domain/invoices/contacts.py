"""Whom an account turns to for what it cannot change by itself."""

from dataclasses import dataclass

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BillingDetails, Seller


@dataclass(frozen=True)
class SalesContact:
    """The sales team of whoever sells to an account. E-mail and phone may be empty, the name is not."""

    name: str
    email: str = ""
    phone: str = ""

    def __str__(self) -> str:
        ways = " or ".join(way for way in (self.email, self.phone) if way)
        return f"{self.name}: {ways}" if ways else self.name


def sales_contact_of(account: Account) -> SalesContact:
    """Return the sales team of the account's seller, or of the default one; “the sales team” while none is known."""
    own = (
        BillingDetails.objects.filter(account=account, seller__isnull=False).select_related("seller").first()
    )
    seller = own.seller if own else Seller.objects.filter(is_default=True).first()
    said = seller.sales_contact if seller else {}
    return SalesContact(
        name=str(said.get("name") or "the sales team"),
        email=str(said.get("email") or (seller.email if seller else "")),
        phone=str(said.get("phone") or (seller.phone if seller else "")),
    )
