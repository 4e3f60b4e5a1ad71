"""Changes to what is sold."""

from seatledger.domain.catalogue.models import ChargeModel, GivenBy, LicenceType, MetricGroup, Product


def ensure_active_user_type() -> LicenceType:
    """Return the licence type that counts active users where an account's own product has none."""
    kind = LicenceType.objects.filter(key="active-user").first()
    if kind is None:
        product, _ = Product.objects.get_or_create(key="built-in", defaults={"name": "Built in"})
        kind, _ = LicenceType.objects.get_or_create(
            key="active-user",
            defaults={
                "product": product,
                "name": "Active User",
                "metric_group": MetricGroup.NONE,
                "given_by": GivenBy.ACTIVATION,
                "charge_model": ChargeModel.ACTIVE,
            },
        )
    return kind
