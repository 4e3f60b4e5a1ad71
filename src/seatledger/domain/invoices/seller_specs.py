"""What a seller's file says, as values, and how that differs from what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from seatledger.domain.catalogue.differences import FieldChange
from seatledger.domain.invoices.models import DocumentKind, NumberSeries, Seller, TaxKind, TaxRule
from seatledger.shared.errors import Refused

# What is stored of a seller as the file says it.
PROPERTIES: Final = (
    *("name", "street", "city", "postcode", "country", "vat_number", "registration"),
    *("email", "phone", "iban", "bic", "terms_days", "is_default"),
)


class PrefixTaken(Refused):
    """Another seller's numbers begin so already."""

    code = "prefix_taken"


@dataclass(frozen=True)
class RateSpec:
    """A rate of tax in a country from a day on."""

    country: str
    percent: Decimal
    effective_on: date
    kind: TaxKind = TaxKind.STANDARD

    def __str__(self) -> str:
        kind = "" if self.kind == TaxKind.STANDARD else f", {self.kind.label.lower()}"
        return f"{self.country} from {self.effective_on}: {self.percent.normalize():f} %{kind}"


@dataclass(frozen=True)
class SellerSpec:
    """A legal entity with its numbers' prefixes and its rates of tax."""

    key: str
    name: str
    street: str
    city: str
    postcode: str
    country: str
    vat_number: str
    registration: str
    email: str
    phone: str
    iban: str
    bic: str
    terms_days: int
    is_default: bool
    sales_contact: Mapping[str, str]
    prefixes: Mapping[DocumentKind, str]
    rates: tuple[RateSpec, ...]

    def properties(self) -> dict[str, object]:
        """Return the columns of the seller's row."""
        return {name: getattr(self, name) for name in PROPERTIES} | {
            "sales_contact": dict(self.sales_contact)
        }


@dataclass(frozen=True)
class SellerDifference:
    """What applying a seller's file would change. `stored` None: the seller is new."""

    wanted: SellerSpec
    stored: Seller | None
    fields: tuple[FieldChange, ...]
    rates_added: tuple[RateSpec, ...]
    rates_removed: tuple[RateSpec, ...]
    no_longer_default: Seller | None

    @property
    def is_empty(self) -> bool:
        return self.stored is not None and not (self.fields or self.rates_added or self.rates_removed)


def compare_seller(wanted: SellerSpec) -> SellerDifference:
    """Return what applying `wanted` would change. Raises PrefixTaken."""
    stored = Seller.objects.filter(key=wanted.key).first()
    taken = NumberSeries.objects.filter(prefix__in=wanted.prefixes.values()).exclude(seller=stored, region="")
    if series := taken.select_related("seller").order_by("prefix").first():
        raise PrefixTaken(
            f"{series.prefix} begins the numbers of “{series.seller.key}” already. Choose another prefix."
        )
    known = _known_rates(stored)
    default = Seller.objects.filter(is_default=True).exclude(key=wanted.key).first()
    return SellerDifference(
        wanted=wanted,
        stored=stored,
        fields=tuple(_changed_fields(wanted, stored)) if stored else (),
        rates_added=tuple(rate for rate in wanted.rates if rate not in known),
        rates_removed=tuple(rate for rate in known if rate not in wanted.rates),
        no_longer_default=default if wanted.is_default else None,
    )


def seller_in_lines(difference: SellerDifference) -> Iterator[str]:
    """Yield what changes, a line each: `+` is new, `~` changes, `-` goes."""
    wanted = difference.wanted
    if difference.stored is None:
        yield f"+ seller {wanted.name} ({wanted.key})"
    for change in difference.fields:
        yield f"~ seller {wanted.key}: {change}"
    if difference.no_longer_default:
        yield f"~ seller {difference.no_longer_default.key}: is_default: yes -> no"
    yield from (f"- rate {rate}" for rate in difference.rates_removed)
    yield from (f"+ rate {rate}" for rate in difference.rates_added)


def _known_rates(stored: Seller | None) -> tuple[RateSpec, ...]:
    rules = TaxRule.objects.filter(seller=stored).order_by("country", "effective_on") if stored else ()
    return tuple(
        RateSpec(rule.country, rule.percent, rule.effective_on, TaxKind(rule.kind)) for rule in rules
    )


def _changed_fields(wanted: SellerSpec, stored: Seller) -> Iterator[FieldChange]:
    for name, after in wanted.properties().items():
        before = getattr(stored, name)
        if before != after:
            yield FieldChange(name, _in_words(before), _in_words(after))
    prefixes = {
        series.kind: series.prefix for series in NumberSeries.objects.filter(seller=stored, region="")
    }
    for kind, prefix in wanted.prefixes.items():
        if prefixes.get(kind) != prefix:
            yield FieldChange(f"{kind}_prefix", prefixes.get(kind, ""), prefix)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {text}" for key, text in sorted(value.items()))
    return str(value)
