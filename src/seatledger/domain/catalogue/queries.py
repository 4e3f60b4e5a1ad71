"""Questions about what is sold. The catalogue belongs to the vendor, so no account comes first."""

from datetime import date

from seatledger.domain.catalogue.models import LicenceType, Plan, PlanVersion
from seatledger.shared.errors import NotFound


def get_licence_type_for_operator(key: str) -> LicenceType:
    """Return the licence type with this key. Raises NotFound."""
    try:
        return LicenceType.objects.select_related("product").get(key=key)
    except LicenceType.DoesNotExist:
        raise NotFound("licence type") from None


def get_plan_version_for_operator(key: str, day: date) -> PlanVersion:
    """Return the version of a plan that holds on `day`. Raises NotFound."""
    versions = PlanVersion.objects.filter(plan__key=key, effective_on__lte=day).order_by("-effective_on")
    version = versions.select_related("plan").first()
    if version is None:
        raise NotFound("plan on that day")
    return version


def list_plans_for_operator() -> list[Plan]:
    """Return every plan, by product and name."""
    return list(Plan.objects.select_related("product").order_by("product__name", "name"))
