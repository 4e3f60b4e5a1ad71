"""Who sells to an account, and whom its documents are made out to, as it is at the moment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BillingDetails, Seller
from seatledger.domain.invoices.taxes import TaxRules, TaxTreatment, read_tax_rules
from seatledger.shared.arrays import uuid_array
from seatledger.shared.errors import Refused

_ADDRESS: Final = ("street", "city", "postcode", "country", "vat_number")
_SELLER: Final = ("key", "name", *_ADDRESS, "registration", "email", "phone", "iban", "bic")

# What a document says of an account that gave no details, beside its name.
_NO_ADDRESS: Final = dict.fromkeys((*_ADDRESS, "purchase_order"), "")
_DETAILS: Final = "SELECT * FROM invoices_billingdetails WHERE account_id = ANY(%s::uuid[])"


class NoSeller(Refused):
    """Nobody is known who sells."""

    code = "no_seller"


@dataclass(frozen=True)
class Parties:
    """The two sides of an account's documents."""

    account: Account
    seller: Seller
    details: BillingDetails | None
    rules: TaxRules
    # The seller as a document keeps it: made once for all accounts that he sells to.
    sold_by: Mapping[str, str]

    def tax_on(self, day: date) -> TaxTreatment:
        """Return how what is dated on a day is taxed. Raises TaxRuleMissing."""
        return self.rules.treatment_of(self.seller, self.details, on=day)

    def due_on(self, dated_on: date) -> date:
        """Return the day by which a document of a day is to be paid."""
        agreed = self.details.terms_days if self.details else None
        return dated_on + timedelta(days=self.seller.terms_days if agreed is None else agreed)

    def billed_to(self) -> dict[str, str]:
        """Return the customer as a document keeps it. Of one who gave no details, that is the account's name."""
        if self.details is None:
            return {"name": self.account.name, **_NO_ADDRESS}
        details = self.details
        address = {name: getattr(details, name) for name in _ADDRESS}
        return {
            "name": details.legal_name or self.account.name,
            **address,
            "purchase_order": details.purchase_order,
        }


def parties_of(account: Account) -> Parties:
    """Return the two sides of one account's documents. Raises NoSeller."""
    found = read_parties_for_operator([account]).get(account.pk)
    if found is None:
        raise NoSeller("Nobody is known who sells. Apply a file that says so: seatledger seller apply FILE.")
    return found


def read_parties_for_operator(accounts: Collection[Account]) -> Mapping[UUID, Parties]:
    """Return the two sides of the documents of many accounts, read in three statements.

    An account is left out when it has no seller of its own and there is no default one.
    """
    known = BillingDetails.objects.raw(_DETAILS, [uuid_array(account.pk for account in accounts)])
    details = {own.account_id: own for own in known}
    sellers = {seller.pk: seller for seller in Seller.objects.all()}
    default = next((seller for seller in sellers.values() if seller.is_default), None)
    rules = read_tax_rules(sellers.keys())
    sold_by = {pk: {name: getattr(seller, name) for name in _SELLER} for pk, seller in sellers.items()}
    found = {}
    for account in accounts:
        own = details.get(account.pk)
        seller = sellers[own.seller_id] if own and own.seller_id else default
        if seller:
            found[account.pk] = Parties(account, seller, own, rules, sold_by[seller.pk])
    return found
