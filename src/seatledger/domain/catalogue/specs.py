"""What a catalogue file says, once it is read: plain values, checked and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatledger.domain.catalogue.models import (
    ChargeModel,
    CountingRule,
    GivenBy,
    HeldBy,
    MetricGroup,
    PriceInterval,
)
from seatledger.domain.catalogue.price_fields import PriceFields


@dataclass(frozen=True)
class PriceSpec:
    """What a licence type costs in one currency and interval."""

    currency: str
    interval: PriceInterval
    fields: PriceFields


@dataclass(frozen=True)
class ItemSpec:
    """A licence type in a plan, by key. `licences` is None where they are not limited."""

    licence_type: str
    licences: int | None
    prices: tuple[PriceSpec, ...] = ()


@dataclass(frozen=True)
class PlanSpec:
    """Something a customer can be on."""

    key: str
    name: str
    description: str = ""
    trial_days: int = 0
    items: tuple[ItemSpec, ...] = ()


@dataclass(frozen=True)
class LicenceTypeSpec:
    """One kind of licence. `needs` and `kinds_by_licence` name other types of the file by key."""

    key: str
    name: str
    charge_model: ChargeModel
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    description: str = ""
    metric_group: MetricGroup = MetricGroup.NONE
    metric_order: int = 0
    held_by: HeldBy = HeldBy.USER
    given_by: GivenBy = GivenBy.ASSIGNMENT
    needs: tuple[str, ...] = ()
    exclusive_group: str = ""
    kinds_by_licence: Mapping[str, str] = field(default_factory=dict)
    lock_days: int = 0
    sync_source: str = ""
    counting_rule: CountingRule = CountingRule.DAILY


@dataclass(frozen=True)
class CatalogueSpec:
    """One product with everything that is sold of it."""

    key: str
    name: str
    brand_words: Mapping[str, str]
    licence_types: tuple[LicenceTypeSpec, ...]
    plans: tuple[PlanSpec, ...]
