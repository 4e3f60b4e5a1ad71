"""Change whom an account's documents are made out to, and, by staff, on what terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.countries import COUNTRIES
from seatledger.domain.invoices.models import BillingDetails, Seller
from seatledger.domain.invoices.vat_numbers import clean_vat_number
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import clean_email, clean_name, clean_search, clean_text

MOST_COPIES = 10
LONGEST_TERMS = 365


@dataclass(frozen=True)
class BillingDetailsChanged(Happening):
    """Which of them changed; what they are now is the account's own and stands in no event."""

    fields: tuple[str, ...]


class UnknownCountry(Refused):
    """There is no such country."""

    code = "unknown_country"


class TooManyCopies(Refused):
    """Documents are sent to few people."""

    code = "too_many_copies"


class UnlikelyTerms(Refused):
    """Nobody has so long to pay."""

    code = "unlikely_terms"


@dataclass(frozen=True)
class NewDetails:
    """What an account says of itself. An empty `legal_name` is the account's own name."""

    street: str
    city: str
    country: str
    legal_name: str = ""
    postcode: str = ""
    vat_number: str = ""
    purchase_order: str = ""
    copies_to: Sequence[str] = ()


@dataclass(frozen=True)
class NewTerms:
    """What staff agree with an account. `seller_key` empty: the default one; `terms_days` None: the seller's."""

    seller_key: str = ""
    terms_days: int | None = None
    exempt_reason: str = ""


@transaction.atomic
def change_billing_details(
    *, account: Account, details: NewDetails, at: datetime, by: Actor
) -> BillingDetails:
    """Change the name, address and numbers on an account's later documents; those that were issued stay as they are.

    Raises UnknownCountry, UnfitVatNumber, UnfitEmail, TooManyCopies and UnfitText.
    """
    if details.country not in COUNTRIES:
        raise UnknownCountry("There is no such country. Choose one from the list.")
    copies = list(dict.fromkeys(clean_email(address) for address in details.copies_to))
    if len(copies) > MOST_COPIES:
        raise TooManyCopies(f"Copies are sent to {MOST_COPIES} addresses at most.")
    values = {
        "legal_name": clean_text(details.legal_name, 200, what="The legal name"),
        "street": clean_name(details.street, 200, what="The street"),
        "city": clean_name(details.city, 100, what="The city"),
        "postcode": clean_text(details.postcode, 20, what="The postcode"),
        "country": details.country,
        "vat_number": clean_vat_number(details.vat_number, details.country),
        "purchase_order": clean_text(details.purchase_order, 50, what="The purchase order number"),
        "copies_to": copies,
    }
    return _store(account, values, at=at, by=by)


@transaction.atomic
def change_billing_terms(*, account: Account, terms: NewTerms, at: datetime, by: Actor) -> BillingDetails:
    """Change, as staff, who sells to an account, how long it has to pay, and whether it is exempt from tax, and why.

    Raises NotFound for a seller, UnlikelyTerms and UnfitText.
    """
    seller = Seller.objects.filter(key=terms.seller_key).first() if terms.seller_key else None
    if terms.seller_key and seller is None:
        raise NotFound(f"seller as “{clean_search(terms.seller_key)}”", "")
    if terms.terms_days is not None and not 0 <= terms.terms_days <= LONGEST_TERMS:
        raise UnlikelyTerms(f"An account has from 0 to {LONGEST_TERMS} days to pay.")
    values = {
        "seller": seller,
        "terms_days": terms.terms_days,
        "exempt_reason": clean_text(terms.exempt_reason, 200, what="The reason for the exemption"),
    }
    return _store(account, values, at=at, by=by)


def _store(account: Account, values: Mapping[str, object], *, at: datetime, by: Actor) -> BillingDetails:
    account = lock_account(account)
    known = BillingDetails.objects.filter(account=account).first() or BillingDetails(account=account)
    changed = tuple(name for name, value in values.items() if getattr(known, name) != value)
    for name in changed:
        setattr(known, name, values[name])
    if changed:
        known.save()
        record(BillingDetailsChanged(fields=changed), account=account, at=at, by=by)
    return known
