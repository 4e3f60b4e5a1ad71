"""Read a catalogue file strictly: what is unknown, missing or impossible is refused with its place."""

from pathlib import Path

from seatledger.domain.catalogue.models import (
    ChargeModel,
    CountingRule,
    GivenBy,
    HeldBy,
    MetricGroup,
    PriceInterval,
)
from seatledger.domain.catalogue.price_fields import read_price
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.domain.catalogue.rules import check_catalogue
from seatledger.domain.catalogue.specs import CatalogueSpec, ItemSpec, LicenceTypeSpec, PlanSpec, PriceSpec
from seatledger.domain.catalogue.tables import LONGEST_NAME, Table, read_file, read_root
from seatledger.engine.currencies import exponent_of

LONGEST_DESCRIPTION = 300
LONGEST_SYNC_SOURCE = 32
MOST_DAYS = 3650


def read_catalogue_file(path: Path) -> CatalogueSpec:
    """Return what the file at `path` says. Raises CatalogueFileRefused with the place that is wrong."""
    return read_catalogue(read_file(path))


def read_catalogue(text: str) -> CatalogueSpec:
    """Return what a catalogue's TOML says. Raises CatalogueFileRefused."""
    root = read_root(text)
    product = root.table("product")
    spec = CatalogueSpec(
        key=product.key("key"),
        name=product.text("name"),
        brand_words=product.words("brand_words"),
        licence_types=tuple(
            _read_type(table, order)
            for order, table in enumerate(root.tables("licence_types", called="licence type"), start=1)
        ),
        plans=tuple(_read_plan(table) for table in root.tables("plans", called="plan")),
    )
    product.end()
    root.end()
    check_catalogue(spec)
    return spec


def _read_type(table: Table, order: int) -> LicenceTypeSpec:
    spec = LicenceTypeSpec(
        key=table.key("key"),
        name=table.text("name"),
        former_names=table.texts("former_names"),
        aliases=table.texts("aliases"),
        description=table.text("description", longest=LONGEST_DESCRIPTION, default=""),
        metric_group=table.choice("metric_group", MetricGroup, default=MetricGroup.NONE),
        metric_order=order,
        held_by=table.choice("held_by", HeldBy, default=HeldBy.USER),
        given_by=table.choice("given_by", GivenBy, default=GivenBy.ASSIGNMENT),
        needs=table.keys("needs"),
        exclusive_group=table.key("exclusive_group", default=""),
        kinds_by_licence=table.words("kinds_by_licence"),
        lock_days=table.number("lock_days", default=0, largest=MOST_DAYS) or 0,
        sync_source=table.key("sync_source", default=""),
        charge_model=table.choice("charge_model", ChargeModel),
        counting_rule=table.choice("counting_rule", CountingRule, default=CountingRule.DAILY),
    )
    if len(spec.sync_source) > LONGEST_SYNC_SOURCE:
        raise table.refuse("sync_source", f"is longer than {LONGEST_SYNC_SOURCE} letters")
    table.end()
    return spec


def _read_plan(table: Table) -> PlanSpec:
    spec = PlanSpec(
        key=table.key("key"),
        name=table.text("name", longest=LONGEST_NAME),
        description=table.text("description", longest=LONGEST_DESCRIPTION, default=""),
        trial_days=table.number("trial_days", default=0, largest=MOST_DAYS) or 0,
        items=tuple(_read_item(item) for item in table.tables("items", called="item")),
    )
    table.end()
    return spec


def _read_item(table: Table) -> ItemSpec:
    spec = ItemSpec(
        licence_type=table.key("licence_type"),
        licences=table.number("licences", default=None),
        prices=tuple(_read_price(price) for price in table.tables("prices", called="price")),
    )
    table.end()
    return spec


def _read_price(table: Table) -> PriceSpec:
    currency = table.text("currency")
    try:
        exponent_of(currency)
    except ValueError:
        raise table.refuse("currency", "must be a current ISO 4217 code such as EUR") from None
    interval = table.choice("interval", PriceInterval)
    try:
        fields = read_price(table.rest())
    except FieldRefused as refusal:
        raise table.refusal(f"{table.place}: {refusal}") from None
    return PriceSpec(currency, interval, fields)
