"""The format of a rate file, and the contract that it describes."""

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from seatledger.domain.catalogue.price_fields import PlanFields
from seatledger.domain.catalogue.price_values import (
    Day,
    FieldRefused,
    Fields,
    Flag,
    Name,
    Quantity,
    given_in_schema,
    naming,
)
from seatledger.engine.contracts import Agreement, Contract
from seatledger.engine.events import Cancelled, Count, Event, PlanChanged, SeatsChanged, SeatsSet, When
from seatledger.faces.cli.rate_values import Change, Currency, Instant, Zone


class ItemFields(PlanFields):
    """What the account subscribes to. Without `starts_on` it begins with its first event."""

    key: Name
    starts_on: Day | None = None
    trial_until: Day | None = None
    maximum: Quantity | None = None


_KINDS: Final = ("bought", "bought_change", "held", "held_change", "change_plan", "cancel")
_ONE_KIND: Final[JsonDict] = {
    "oneOf": [given_in_schema(kind) for kind in _KINDS],
    "if": given_in_schema("holder"),
    "then": given_in_schema("held_change"),
}


class EventFields(Fields):
    """Something that happens to an item: exactly one of bought, bought_change, held, held_change, change_plan, cancel."""

    model_config = ConfigDict(json_schema_extra=_ONE_KIND)

    at: Instant
    item: Name
    recorded_at: Instant | None = None
    bought: Quantity | None = None
    bought_change: Change | None = None
    held: Quantity | None = None
    held_change: Change | None = None
    holder: Name | None = None
    change_plan: PlanFields | None = None
    when: When = When.AT_ONCE
    keep_anchor: Flag = True
    cancel: When | None = None

    @model_validator(mode="after")
    def _require_one_kind(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError("Give one of bought, bought_change, held, held_change, change_plan and cancel.")
        if self.holder is not None and self.held_change is None:
            raise ValueError("A holder goes with held_change.")
        return self

    def to_event(self, currency: str, *, field: str) -> Event:
        """Return the event. Raises FieldRefused, naming the part of `field`, when it contradicts itself."""
        with naming(f"{field}.recorded_at"):
            if self.change_plan is not None:
                name = f"{self.item} from {self.at:%Y-%m-%d}"
                charging = self.change_plan.charging(currency, name=name)
                plan = self.change_plan.to_plan(charging, field=f"{field}.change_plan")
                return PlanChanged(
                    item=self.item,
                    at=self.at,
                    recorded_at=self.recorded_at,
                    plan=plan,
                    when=self.when,
                    keep_anchor=self.keep_anchor,
                )
            if self.cancel is not None:
                return Cancelled(item=self.item, at=self.at, recorded_at=self.recorded_at, when=self.cancel)
            return self._seats()

    def _seats(self) -> SeatsSet | SeatsChanged:
        bought = self.bought is not None or self.bought_change is not None
        count = Count.BOUGHT if bought else Count.HELD
        number = self.bought if bought else self.held
        change = self.bought_change if bought else self.held_change
        if number is not None:
            return SeatsSet(
                item=self.item, at=self.at, recorded_at=self.recorded_at, count=count, number=number
            )
        assert change is not None, "an event is of one kind"
        return SeatsChanged(
            item=self.item,
            at=self.at,
            recorded_at=self.recorded_at,
            count=count,
            delta=change,
            holder=self.holder,
        )


class RateFile(Fields):
    """A contract and all that happens to it, to be billed up to and including `bill_through`."""

    schema_address: str | None = Field(default=None, alias="$schema")
    currency: Currency
    timezone: Zone
    items: Annotated[tuple[ItemFields, ...], Field(min_length=1, max_length=1000)]
    events: Annotated[tuple[EventFields, ...], Field(max_length=100_000)] = ()
    bill_through: Day

    def to_contract(self) -> Contract:
        """Return the contract. Raises FieldRefused when one field contradicts another."""
        keys = [item.key for item in self.items]
        for number, item in enumerate(self.items):
            if item.key in keys[:number]:
                raise FieldRefused(f"items.{number}.key", "Another item has this key.")
        for number, event in enumerate(self.events):
            if event.item not in keys:
                raise FieldRefused(f"events.{number}.item", "There is no item with this key.")
        agreements = tuple(
            Agreement(
                item.key,
                item.to_plan(item.charging(self.currency, name=item.key), field=f"items.{number}"),
                item.starts_on,
                item.trial_until,
                item.maximum,
            )
            for number, item in enumerate(self.items)
        )
        events = tuple(
            event.to_event(self.currency, field=f"events.{number}")
            for number, event in enumerate(self.events)
        )
        return Contract(self.currency, self.timezone, agreements, events)
