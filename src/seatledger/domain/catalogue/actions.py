"""Changes to what is sold. `licences.actions.apply_catalogue` asks first whether they break what is held."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.catalogue.differences import (
    Difference,
    PlanChange,
    TypeChange,
    difference_in_lines,
    former_names_after,
)
from seatledger.domain.catalogue.models import (
    ACTIVE_USER_KEY,
    CatalogueChange,
    ChargeModel,
    GivenBy,
    LicenceType,
    MetricGroup,
    Plan,
    PlanItem,
    PlanVersion,
    Price,
    Product,
)
from seatledger.domain.catalogue.specs import LicenceTypeSpec, PlanSpec
from seatledger.domain.catalogue.tariffs import columns_of
from seatledger.domain.events.actions import Actor


def ensure_active_user_type() -> LicenceType:
    """Return the licence type that counts active users where an account's own product has none."""
    kind = LicenceType.objects.select_related("product").filter(key=ACTIVE_USER_KEY).first()
    if kind is None:
        product, _ = Product.objects.get_or_create(key="built-in", defaults={"name": "Built in"})
        kind, _ = LicenceType.objects.get_or_create(
            key=ACTIVE_USER_KEY,
            defaults={
                "product": product,
                "name": "Active User",
                "metric_group": MetricGroup.NONE,
                "given_by": GivenBy.ACTIVATION,
                "charge_model": ChargeModel.ACTIVE,
            },
        )
    return kind


@transaction.atomic
def store_difference(*, difference: Difference, at: datetime, by: Actor) -> None:
    """Make the catalogue what the difference says, and keep who did it, when and what it was, line by line.

    Nothing is deleted, and no stored version or price changes.
    """
    if difference.is_empty:
        return
    wanted = difference.wanted
    product, _ = Product.objects.update_or_create(
        key=wanted.key, defaults={"name": wanted.name, "brand_words": dict(wanted.brand_words)}
    )
    for change in difference.types:
        _store_type(change, product)
    # After every type is there: one may need another that comes later in the file.
    for change in difference.types:
        needed = LicenceType.objects.filter(key__in=change.spec.needs)
        LicenceType.objects.get(key=change.spec.key).needs.set(needed)
    for plan_change in difference.plans:
        _store_plan(plan_change, product, difference)
    # The web, on which accounts are opened by signing up, reads the catalogue and never writes it.
    ensure_active_user_type()
    CatalogueChange.objects.create(
        product=product,
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        lines=list(difference_in_lines(difference)),
    )


def _store_type(change: TypeChange, product: Product) -> None:
    spec, stored = change.spec, change.stored
    if stored is None:
        former = list(spec.former_names)
        LicenceType.objects.create(product=product, key=spec.key, former_names=former, **_properties_of(spec))
    else:
        former = former_names_after(spec, stored)
        LicenceType.objects.filter(pk=stored.pk).update(former_names=former, **_properties_of(spec))


def _properties_of(spec: LicenceTypeSpec) -> dict[str, object]:
    return {
        "name": spec.name,
        "aliases": list(spec.aliases),
        "description": spec.description,
        "metric_group": spec.metric_group,
        "metric_order": spec.metric_order,
        "held_by": spec.held_by,
        "given_by": spec.given_by,
        "exclusive_group": spec.exclusive_group,
        "kinds_by_licence": dict(spec.kinds_by_licence),
        "lock_days": spec.lock_days,
        "sync_source": spec.sync_source,
        "charge_model": spec.charge_model,
        "counting_rule": spec.counting_rule,
    }


def _store_plan(change: PlanChange, product: Product, difference: Difference) -> None:
    spec = change.spec
    plan, _ = Plan.objects.update_or_create(
        key=spec.key,
        defaults={
            "product": product,
            "name": spec.name,
            "description": spec.description,
            "trial_days": spec.trial_days,
        },
    )
    if change.version is not None:
        version = PlanVersion.objects.create(
            plan=plan, number=change.version, effective_on=difference.effective_on
        )
        _store_items(version, spec)


def _store_items(version: PlanVersion, spec: PlanSpec) -> None:
    types = LicenceType.objects.in_bulk([item.licence_type for item in spec.items], field_name="key")
    for item in spec.items:
        row = PlanItem.objects.create(
            version=version, licence_type=types[item.licence_type], licences=item.licences
        )
        Price.objects.bulk_create(
            [
                Price(
                    item=row,
                    currency=price.currency,
                    interval=price.interval,
                    **columns_of(price.fields),
                )
                for price in item.prices
            ]
        )
