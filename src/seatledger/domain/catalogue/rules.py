"""What must be true between the parts of a catalogue: names that exist, rules that can hold together."""

import re
from collections.abc import Iterable

from seatledger.domain.catalogue.models import ACTIVE_USER_KEY, ChargeModel, GivenBy, HeldBy
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.domain.catalogue.specs import CatalogueSpec, ItemSpec, LicenceTypeSpec, PlanSpec
from seatledger.domain.catalogue.tables import CatalogueFileRefused
from seatledger.domain.catalogue.tariffs import charging_of

_BRAND_WORD = re.compile(r"\{([^{}]*)\}")


def check_catalogue(spec: CatalogueSpec) -> None:
    """Raise CatalogueFileRefused unless every reference leads somewhere and no rule contradicts another."""
    _check_once((kind.key for kind in spec.licence_types), "licence type")
    _check_once((plan.key for plan in spec.plans), "plan")
    types = {kind.key: kind for kind in spec.licence_types}
    for kind in spec.licence_types:
        _check_type(kind, types, spec)
    _check_no_circle(types)
    for plan in spec.plans:
        _check_plan(plan, types)


def _refuse(place: str, what: str) -> CatalogueFileRefused:
    return CatalogueFileRefused(f"{place}: {what.removesuffix('.')}.")


def _check_once(keys: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise _refuse(f"{what} {key}", "key is used twice")
        seen.add(key)


def _check_type(kind: LicenceTypeSpec, types: dict[str, LicenceTypeSpec], spec: CatalogueSpec) -> None:
    place = f"licence type {kind.key}"
    if kind.key == ACTIVE_USER_KEY:
        raise _refuse(place, "this key belongs to the built-in type; choose another")
    for word in _BRAND_WORD.findall(kind.name):
        if word not in spec.brand_words:
            raise _refuse(place, f"name speaks of {{{word}}}, which is not among the product's brand_words")
    if kind.name in kind.former_names:
        raise _refuse(place, "former_names has the present name")
    for key in (*kind.needs, *kind.kinds_by_licence):
        if key not in types:
            raise _refuse(place, f"speaks of {key}, which is no licence type of this file")
        if types[key].held_by != HeldBy.USER:
            raise _refuse(place, f"speaks of {key}, which users do not hold")
    _check_holder(kind, place)
    _check_given_by_activation(kind, place)


def _check_holder(kind: LicenceTypeSpec, place: str) -> None:
    if kind.held_by == HeldBy.DEVICE and (kind.needs or kind.exclusive_group or kind.sync_source):
        raise _refuse(place, "needs, exclusive_group and sync_source are for what users hold")
    if kind.held_by == HeldBy.USER and kind.kinds_by_licence:
        raise _refuse(place, "kinds_by_licence is for what devices hold")


def _check_given_by_activation(kind: LicenceTypeSpec, place: str) -> None:
    if kind.given_by != GivenBy.ACTIVATION:
        return
    if kind.held_by != HeldBy.USER or kind.charge_model != ChargeModel.ACTIVE:
        raise _refuse(place, "what activation gives is held by users, with charge_model active")
    if kind.needs or kind.exclusive_group or kind.sync_source or kind.lock_days:
        raise _refuse(place, "what activation gives has no needs, exclusive_group, sync_source or lock_days")


def _check_no_circle(types: dict[str, LicenceTypeSpec]) -> None:
    """Refuse types that need each other: nobody could ever hold one."""
    settled: set[str] = set()
    while len(settled) < len(types):
        ready = {key for key, kind in types.items() if key not in settled and settled.issuperset(kind.needs)}
        if not ready:
            raise _refuse(f"licence type {min(set(types) - settled)}", "needs lead in a circle")
        settled |= ready


def _check_plan(plan: PlanSpec, types: dict[str, LicenceTypeSpec]) -> None:
    place = f"plan {plan.key}"
    if not plan.items:
        raise _refuse(place, "has no items")
    _check_once((item.licence_type for item in plan.items), f"{place}, item")
    for item in plan.items:
        if item.licence_type not in types:
            raise _refuse(place, f"item {item.licence_type} is no licence type of this file")
        _check_item(item, types[item.licence_type], f"{place}, item {item.licence_type}")
        _check_prices(item, types[item.licence_type], plan)
    given = [item for item in plan.items if types[item.licence_type].given_by == GivenBy.ACTIVATION]
    if len(given) > 1:
        raise _refuse(place, "only one item can be what activation gives")


def _check_item(item: ItemSpec, kind: LicenceTypeSpec, place: str) -> None:
    if kind.charge_model == ChargeModel.PREPAID and item.licences is None:
        raise _refuse(place, "is bought by number, so it says how many licences")
    if kind.charge_model == ChargeModel.ACTIVE and item.licences is not None:
        raise _refuse(place, "is not limited, so it has no number of licences")


def _check_prices(item: ItemSpec, kind: LicenceTypeSpec, plan: PlanSpec) -> None:
    place = f"plan {plan.key}, item {item.licence_type}"
    _check_once((f"{price.currency} a {price.interval}" for price in item.prices), f"{place}, price")
    for price in item.prices:
        charging = charging_of(kind, key=plan.key, currency=price.currency, interval=price.interval)
        try:
            price.fields.to_plan(charging, field="price")
        except FieldRefused as refusal:
            raise _refuse(f"{place}, {price.currency} a {price.interval}", str(refusal)) from None
