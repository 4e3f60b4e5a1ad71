"""What a customer may order: the number, the plan, the trial that becomes paid."""

from collections.abc import Mapping, Sequence
from typing import cast

from django import forms
from django.http import QueryDict

from seatledger.domain.licences.limits import MOST_LICENCES
from seatledger.domain.payments.actions import (
    EndOrder,
    MoreOrder,
    NumberOrder,
    Order,
    PlanOrder,
    TrialOrder,
)
from seatledger.domain.payments.queries import Offer
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import AgreedLicence, OfferedPrice


class NumberForm(forms.Form):
    """How many licences there are to be."""

    number = forms.IntegerField(label="Number of subscriptions", min_value=0)

    def __init__(self, data: QueryDict | None, *, licence: AgreedLicence, online: bool) -> None:
        super().__init__(data, initial={"number": licence.total})
        self.licence = licence
        fewer = "fewer from the renewal on" if online else "fewer are agreed with the sales team"
        self.fields[
            "number"
        ].help_text = (
            f"You have {licence.total}, of which {licence.in_use} are in use. More count at once, {fewer}."
        )

    def to_order(self) -> Order:
        return NumberOrder(self.licence.item.pk, self.cleaned_data["number"])


class MoreForm(forms.Form):
    """How many more there are to be, of each licence type that is bought by number."""

    def __init__(self, data: QueryDict | None, *, licences: Sequence[AgreedLicence]) -> None:
        super().__init__(data)
        self.licences = {f"more-{licence.item.pk}": licence for licence in licences}
        for name, licence in self.licences.items():
            self.fields[name] = forms.IntegerField(
                label=f"More {licence.name} licences",
                min_value=0,
                max_value=MOST_LICENCES,
                required=False,
                initial=0,
                help_text=f"You have {licence.total}, of which {licence.in_use} are in use.",
            )

    def to_order(self) -> Order:
        wanted = {licence.item.pk: self.cleaned_data[name] for name, licence in self.licences.items()}
        return MoreOrder({item_id: more for item_id, more in wanted.items() if more})


class PlanForm(forms.Form):
    """Which plan, by which interval, from when on, and how many licences of each type it sells by number.

    `held` is how many there are now, by the key of the licence type.
    """

    plan = forms.ChoiceField(label="Plan", widget=forms.RadioSelect)
    when = forms.ChoiceField(
        label="From when on",
        choices=[
            (TakesEffect.AT_ONCE, "At once"),
            (TakesEffect.AT_PERIOD_END, "At the end of the paid period"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: QueryDict | None, *, offers: Sequence[Offer], now: str, held: Mapping[str, int]
    ) -> None:
        super().__init__(data, initial={"plan": now, "when": TakesEffect.AT_PERIOD_END})
        self.held = held
        self.offers = {offer.key: offer for offer in offers}
        choices = [(offer.key, words_of(offer)) for offer in offers]
        cast("forms.ChoiceField", self.fields["plan"]).choices = choices
        sold = {one.key: one for offer in reversed(offers) for one in offer.numbers}
        plans = {key: [o.version.plan.name for o in offers if o.sells(key)] for key in sold}
        for key, one in sorted(sold.items(), key=lambda pair: pair[1].name):
            self.fields[f"number-{key}"] = forms.IntegerField(
                label=f"Number of {one.name} licences",
                min_value=0,
                max_value=MOST_LICENCES,
                required=False,
                initial=held.get(key, one.licences),
                help_text=""
                if len(plans[key]) == len(offers)
                else f"In {', '.join(dict.fromkeys(plans[key]))}.",
            )

    def numbers(self, offer: Offer) -> dict[str, int]:
        """Return how many of each licence type that a plan sells by number, where it is to be another than now.

        What stays as it is is not said: what is added before the plan changes is then kept.
        """
        asked = {one.key: self.cleaned_data.get(f"number-{one.key}") for one in offer.numbers}
        return {
            key: number
            for key, number in asked.items()
            if number is not None and number != self.held.get(key)
        }

    def choice(self) -> PlanChoice:
        """Return the plan that was chosen."""
        offer = self.offers[self.cleaned_data["plan"]]
        return PlanChoice(offer.version, offer.interval, self.numbers(offer))

    def to_order(self) -> Order:
        return PlanOrder(self.choice(), TakesEffect(self.cleaned_data["when"]))


class TrialForm(PlanForm):
    """The plan that follows a trial: at once, or when the free days are over."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        offers: Sequence[Offer],
        now: str,
        held: Mapping[str, int],
        is_over: bool,
    ) -> None:
        super().__init__(data, offers=offers, now=now, held=held)
        self.now = now
        when = cast("forms.ChoiceField", self.fields["when"])
        at_once, later = (
            (TakesEffect.AT_ONCE, "Today"),
            (TakesEffect.AT_PERIOD_END, "When the free days are over"),
        )
        when.choices = [at_once] if is_over else [at_once, later]
        self.initial["when"] = TakesEffect.AT_ONCE

    def to_order(self) -> Order:
        when = TakesEffect(self.cleaned_data["when"])
        if self.cleaned_data["plan"] != self.now:
            return TrialOrder(when, self.choice())
        return TrialOrder(when, numbers=self.numbers(self.offers[self.now]))


class EndForm(forms.Form):
    """Nothing to choose: the subscription ends with its period."""

    def to_order(self) -> Order:
        return EndOrder()


# Each says what is ordered by `to_order`, once it is valid.
OrderForm = NumberForm | MoreForm | PlanForm | EndForm


def words_of(offer: Offer) -> str:
    """Return a plan with its interval and its prices, as it is chosen."""
    many = len(offer.prices) > 1
    prices = "; ".join(f"{one.name} {_price_of(one)}" if many else _price_of(one) for one in offer.prices)
    return f"{offer.version.plan.name}: {prices}"


def _price_of(one: OfferedPrice) -> str:
    return f"{one.words} (agreed with you)" if one.is_agreed else one.words
