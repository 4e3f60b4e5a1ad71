"""What a catalogue file would change: worked out first, shown to people, then applied as it was shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from seatledger.domain.catalogue.models import LicenceType, Plan, Product
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.domain.catalogue.price_words import amount_in_words, conditions_in_words
from seatledger.domain.catalogue.queries import in_order, items_of
from seatledger.domain.catalogue.specs import CatalogueSpec, ItemSpec, LicenceTypeSpec, PlanSpec, PriceSpec
from seatledger.domain.catalogue.tariffs import Charged, charging_of
from seatledger.shared.errors import Refused

# Fields that say how a licence is called and shown, and those that are rules for holding and charging it.
DESCRIPTIVE = ("description", "metric_group", "metric_order", "kinds_by_licence", "lock_days")
RULES = (
    "held_by",
    "given_by",
    "needs",
    "exclusive_group",
    "sync_source",
    "charge_model",
    "counting_rule",
)


class KeyTaken(Refused):
    """Another product has a licence type or a plan of this key."""

    code = "catalogue_key_taken"


class VersionTooEarly(Refused):
    """A plan has a version that begins on or after the given day."""

    code = "plan_version_too_early"


@dataclass(frozen=True)
class FieldChange:
    """One property that becomes another one; both in words."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


@dataclass(frozen=True)
class TypeChange:
    """A licence type that is new (`stored` is None) or described differently."""

    spec: LicenceTypeSpec
    stored: LicenceType | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def changed_rules(self) -> tuple[FieldChange, ...]:
        return tuple(change for change in self.fields if change.field in RULES)


@dataclass(frozen=True)
class PlanChange:
    """A plan that is new (`stored` is None), described differently, or to have a further version."""

    spec: PlanSpec
    stored: Plan | None
    fields: tuple[FieldChange, ...] = ()
    version: int | None = None
    contents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Everything that applying a catalogue would change. `kept` names what only the database knows: it stays."""

    wanted: CatalogueSpec
    effective_on: date
    product: Product | None
    product_fields: tuple[FieldChange, ...]
    types: tuple[TypeChange, ...]
    plans: tuple[PlanChange, ...]
    kept: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return self.product is not None and not (self.product_fields or self.types or self.plans)


def compare_catalogue(wanted: CatalogueSpec, *, effective_on: date) -> Difference:
    """Return what applying `wanted` would change, new plan versions beginning on `effective_on`.

    Raises KeyTaken, and VersionTooEarly where a changed plan has a version from that day or a later one.
    """
    product = Product.objects.filter(key=wanted.key).first()
    before = {"name": product.name, "brand_words": product.brand_words} if product else {}
    after = {"name": wanted.name, "brand_words": wanted.brand_words} if product else {}
    types = {
        kind.key: kind
        for kind in LicenceType.objects.filter(key__in=[each.key for each in wanted.licence_types])
        .select_related("product")
        .prefetch_related("needs")
    }
    plans = {
        plan.key: plan
        for plan in Plan.objects.filter(key__in=[each.key for each in wanted.plans]).select_related("product")
    }
    known: list[LicenceType | Plan] = [*types.values(), *plans.values()]
    for stored in sorted(known, key=lambda each: each.key):
        if stored.product.key != wanted.key:
            raise KeyTaken(f"{stored.key} belongs to {stored.product.name} already. Choose another key.")
    type_changes = [_compare_type(spec, types.get(spec.key)) for spec in wanted.licence_types]
    plan_changes = [_compare_plan(spec, plans.get(spec.key), effective_on, wanted) for spec in wanted.plans]
    return Difference(
        wanted=wanted,
        effective_on=effective_on,
        product=product,
        product_fields=_changed_fields(before, after),
        types=tuple(change for change in type_changes if change.stored is None or change.fields),
        plans=tuple(change for change in plan_changes if change.version or change.fields),
        kept=_kept(wanted, product),
    )


def difference_in_lines(difference: Difference) -> Iterator[str]:
    """Yield what changes, a line each: `+` is new, `~` changes, `=` stays though the file does not name it."""
    wanted = difference.wanted
    if difference.product is None:
        yield f"+ product {wanted.name} ({wanted.key})"
    for change in difference.product_fields:
        yield f"~ product {wanted.key}: {change}"
    for kind in difference.types:
        if kind.stored is None:
            yield f"+ licence type {kind.spec.name} ({kind.spec.key})"
        for change in kind.fields:
            yield f"~ licence type {kind.spec.key}: {change}"
    for plan in difference.plans:
        for change in plan.fields:
            yield f"~ plan {plan.spec.key}: {change}"
        if plan.version is not None:
            new = f"plan {plan.spec.name} ({plan.spec.key})"
            yield f"+ {new}, version {plan.version}, from {difference.effective_on}"
            yield from (f"      {line}" for line in plan.contents)
    yield from (f"= {name} is not in the file and stays" for name in difference.kept)


def _compare_type(spec: LicenceTypeSpec, stored: LicenceType | None) -> TypeChange:
    if stored is None:
        return TypeChange(spec, None)
    before: dict[str, object] = {"name": stored.name, "aliases": stored.aliases}
    after: dict[str, object] = {"name": spec.name, "aliases": spec.aliases}
    before["former_names"], after["former_names"] = stored.former_names, former_names_after(spec, stored)
    for field in (*DESCRIPTIVE, *RULES):
        before[field], after[field] = getattr(stored, field), getattr(spec, field)
    before["needs"] = sorted(kind.key for kind in stored.needs.all())
    after["needs"] = sorted(spec.needs)
    return TypeChange(spec, stored, _changed_fields(before, after))


def former_names_after(spec: LicenceTypeSpec, stored: LicenceType) -> list[str]:
    """Return the names the type had: those known, those the file adds, and the one it has now if that changes."""
    names = [*stored.former_names, *spec.former_names]
    if stored.name != spec.name:
        names.append(stored.name)
    return [name for name in dict.fromkeys(names) if name != spec.name]


def _compare_plan(
    spec: PlanSpec, stored: Plan | None, effective_on: date, wanted: CatalogueSpec
) -> PlanChange:
    if stored is None:
        return PlanChange(spec, None, version=1, contents=_contents(spec.items, wanted))
    named = ("name", "description", "trial_days")
    fields = _changed_fields(
        {field: getattr(stored, field) for field in named}, {field: getattr(spec, field) for field in named}
    )
    last = stored.versions.order_by("-effective_on").first()
    if last is not None and items_of(last) == in_order(spec.items):
        return PlanChange(spec, stored, fields)
    if last is not None and last.effective_on >= effective_on:
        raise VersionTooEarly(
            f"Plan {spec.key} has a version from {last.effective_on:%d %B %Y}, and versions are never changed. "
            "Give a later day for the new one."
        )
    return PlanChange(spec, stored, fields, last.number + 1 if last else 1, _contents(spec.items, wanted))


def _contents(items: tuple[ItemSpec, ...], wanted: CatalogueSpec) -> tuple[str, ...]:
    kinds = {kind.key: kind for kind in wanted.licence_types}
    return tuple(line for item in items for line in item_in_lines(item, kinds))


def item_in_lines(item: ItemSpec, kinds: Mapping[str, Charged]) -> Iterator[str]:
    """Yield an item as people read it, its prices below it: `on-demand: 5`, `240.00 GBP per licence per year.`.

    `kinds` has the licence types by key, because they say how a price is charged.
    """
    number = "not limited" if item.licences is None else f"{item.licences}"
    yield f"{item.licence_type}: {number}{'' if item.prices else ', included'}"
    yield from (f"    {_in_one_line(price, kinds[item.licence_type])}" for price in item.prices)


def _in_one_line(price: PriceSpec, kind: Charged) -> str:
    charging = charging_of(kind, key=kind.key, currency=price.currency, interval=price.interval)
    try:
        plan = price.fields.to_plan(charging, field="price")
    except FieldRefused as refusal:
        # The licence type was charged in another way when this price was made.
        return f"No longer possible in {price.currency} a {price.interval}: {refusal}"
    return " ".join([f"{amount_in_words(plan.tariff)}.", *conditions_in_words(plan)])


def _changed_fields(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[FieldChange, ...]:
    pairs = ((field, _in_words(value), _in_words(after[field])) for field, value in before.items())
    return tuple(FieldChange(field, was, will_be) for field, was, will_be in pairs if was != will_be)


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {text}" for key, text in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _kept(wanted: CatalogueSpec, product: Product | None) -> tuple[str, ...]:
    if product is None:
        return ()
    types = product.licence_types.exclude(key__in=[each.key for each in wanted.licence_types])
    plans = product.plans.exclude(key__in=[each.key for each in wanted.plans])
    return (
        *(f"licence type {key}" for key in types.order_by("key").values_list("key", flat=True)),
        *(f"plan {key}" for key in plans.order_by("key").values_list("key", flat=True)),
    )
