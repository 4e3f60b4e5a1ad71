"""Read a seller's file strictly: what is unknown, missing or impossible is refused with its place."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from seatledger.domain.catalogue.tables import LONGEST_NAME, Table, read_file, read_root
from seatledger.domain.invoices.countries import COUNTRIES
from seatledger.domain.invoices.models import DocumentKind, TaxKind
from seatledger.domain.invoices.seller_specs import RateSpec, SellerSpec
from seatledger.domain.invoices.vat_numbers import clean_vat_number
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_email

LONGEST_LINE: Final = 200
LONGEST_POSTCODE: Final = 20
LONGEST_PHONE: Final = 40
LONGEST_TERMS: Final = 365
USUAL_TERMS: Final = 30
# It ends in no digit, so that two prefixes never make the same reference.
_PREFIX: Final = re.compile(r"[A-Z0-9/-]{0,11}[A-Z/-]")
_PREFIXES: Final = {
    DocumentKind.INVOICE: ("invoice_prefix", "INV-"),
    DocumentKind.CREDIT_NOTE: ("credit_note_prefix", "CN-"),
}


class SellerFileRefused(Refused):
    """The seller's file says something that cannot be meant."""

    code = "seller_file_refused"


def read_seller_file(path: Path) -> SellerSpec:
    """Return what the file at `path` says. Raises SellerFileRefused with the place that is wrong."""
    return read_seller(read_file(path, refusal=SellerFileRefused))


def read_seller(text: str) -> SellerSpec:
    """Return what a seller's TOML says. Raises SellerFileRefused."""
    root = read_root(text, refusal=SellerFileRefused)
    seller = root.table("seller")
    country = _country(seller)
    spec = SellerSpec(
        key=seller.key("key"),
        name=seller.text("name", longest=LONGEST_LINE),
        street=seller.text("street", longest=LONGEST_LINE),
        city=seller.text("city"),
        postcode=seller.text("postcode", longest=LONGEST_POSTCODE, default=""),
        country=country,
        vat_number=_checked(seller, "vat_number", lambda typed: clean_vat_number(typed, country)),
        registration=seller.text("registration", default=""),
        email=_checked(seller, "email", clean_email, needed=True),
        phone=seller.text("phone", longest=LONGEST_PHONE, default=""),
        iban=_checked(seller, "iban", iban.validate),
        bic=_checked(seller, "bic", bic.validate),
        terms_days=seller.number("terms_days", default=USUAL_TERMS, largest=LONGEST_TERMS) or 0,
        is_default=_flag(seller, "is_default"),
        sales_contact=_sales_contact(seller),
        prefixes={kind: _prefix(seller, *named) for kind, named in _PREFIXES.items()},
        rates=_rates(root, country),
    )
    seller.end()
    root.end()
    if len(set(spec.prefixes.values())) != len(spec.prefixes):
        raise seller.refuse("credit_note_prefix", "must differ from invoice_prefix")
    return spec


def _sales_contact(seller: Table) -> dict[str, str]:
    if not seller.has("sales_contact"):
        return {}
    table = seller.table("sales_contact")
    contact = {
        "name": table.text("name"),
        "email": _checked(table, "email", clean_email, needed=True),
        "phone": table.text("phone", longest=LONGEST_PHONE, default=""),
    }
    table.end()
    return contact


def _rates(root: Table, country: str) -> tuple[RateSpec, ...]:
    rates = list(_read_rates(root))
    if country not in {rate.country for rate in rates}:
        raise root.refuse("rates", f"give none for {country}, where the seller is")
    return tuple(sorted(rates, key=lambda rate: (rate.country, rate.effective_on)))


def _read_rates(root: Table) -> Iterator[RateSpec]:
    seen = set()
    for table in root.tables("rates", called="rate"):
        rate = RateSpec(
            country=_country(table),
            percent=_percent(table),
            effective_on=_day(table, "from"),
            kind=table.choice("kind", TaxKind, default=TaxKind.STANDARD),
        )
        if rate.percent and rate.kind != TaxKind.STANDARD:
            raise table.refuse("percent", f"must be 0 for kind {rate.kind.value}")
        if (rate.country, rate.effective_on) in seen:
            raise table.refuse("from", f"gives {rate.country} a second rate from {rate.effective_on}")
        seen.add((rate.country, rate.effective_on))
        table.end()
        yield rate


def _country(table: Table) -> str:
    country = table.text("country")
    if country not in COUNTRIES:
        raise table.refuse("country", "must be a code of ISO 3166-1 such as DE")
    return country


def _percent(table: Table) -> Decimal:
    value = table.take("percent")
    percent = Decimal(value) if type(value) is int else value
    if not isinstance(percent, Decimal) or not percent.is_finite() or not 0 <= percent <= 100:
        raise table.refuse("percent", "must be a number from 0 to 100")
    if percent != round(percent, 3):
        raise table.refuse("percent", "has more than three decimals")
    return percent


def _day(table: Table, key: str) -> date:
    value = table.take(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise table.refuse(key, "must be a day such as 2026-01-01, without quotation marks")
    return value


def _flag(table: Table, key: str) -> bool:
    value = table.take(key) if table.has(key) else False
    if not isinstance(value, bool):
        raise table.refuse(key, "must be true or false")
    return value


def _prefix(table: Table, key: str, usual: str) -> str:
    prefix = table.text(key, default=usual)
    if not _PREFIX.fullmatch(prefix):
        raise table.refuse(key, "must be at most 12 capitals, digits, - and /, and not end in a digit")
    return prefix


def _checked(table: Table, key: str, check: Callable[[str], str], *, needed: bool = False) -> str:
    """Return a text as `check` returns it; what that refuses is refused with its place. Absent, it is empty."""
    text = table.text(key, longest=LONGEST_NAME, default=None if needed else "")
    try:
        return check(text) if text else ""
    except ValidationError:
        raise table.refuse(key, "is mistyped: its check digits are wrong") from None
    except Refused as refusal:
        raise table.refuse(key, f"is refused: {str(refusal).removesuffix('.')}") from None
