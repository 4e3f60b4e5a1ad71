"""What a customer may order: the number, the plan, the trial that becomes paid."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import QueryDict

from seatledger.domain.catalogue.price_words import amount_in_words
from seatledger.domain.payments.actions import EndOrder, NumberOrder, Order, PlanOrder, TrialOrder
from seatledger.domain.payments.queries import Offer
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import AgreedLicence


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


class PlanForm(forms.Form):
    """Which plan, by which interval, from when on."""

    plan = forms.ChoiceField(label="Plan", widget=forms.RadioSelect)
    when = forms.ChoiceField(
        label="From when on",
        choices=[
            (TakesEffect.AT_ONCE, "At once"),
            (TakesEffect.AT_PERIOD_END, "At the end of the paid period"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, *, offers: Sequence[Offer], now: str) -> None:
        super().__init__(data, initial={"plan": now, "when": TakesEffect.AT_PERIOD_END})
        self.offers = {offer.key: offer for offer in offers}
        choices = [(offer.key, words_of(offer)) for offer in offers]
        cast("forms.ChoiceField", self.fields["plan"]).choices = choices

    def choice(self) -> PlanChoice:
        """Return the plan that was chosen."""
        offer = self.offers[self.cleaned_data["plan"]]
        return PlanChoice(offer.version, offer.interval)

    def to_order(self) -> Order:
        return PlanOrder(self.choice(), TakesEffect(self.cleaned_data["when"]))


class TrialForm(PlanForm):
    """The plan that follows a trial: at once, or when the free days are over."""

    def __init__(self, data: QueryDict | None, *, offers: Sequence[Offer], now: str, is_over: bool) -> None:
        super().__init__(data, offers=offers, now=now)
        self.now = now
        when = cast("forms.ChoiceField", self.fields["when"])
        at_once, later = (
            (TakesEffect.AT_ONCE, "Today"),
            (TakesEffect.AT_PERIOD_END, "When the free days are over"),
        )
        when.choices = [at_once] if is_over else [at_once, later]
        when.initial = TakesEffect.AT_ONCE

    def to_order(self) -> Order:
        keeps_plan = self.cleaned_data["plan"] == self.now
        return TrialOrder(TakesEffect(self.cleaned_data["when"]), None if keeps_plan else self.choice())


class EndForm(forms.Form):
    """Nothing to choose: the subscription ends with its period."""

    def to_order(self) -> Order:
        return EndOrder()


# Each says what is ordered by `to_order`, once it is valid.
OrderForm = NumberForm | PlanForm | EndForm


def words_of(offer: Offer) -> str:
    """Return a plan with its interval and its prices, as it is chosen."""
    prices = "; ".join(
        f"{name} {amount_in_words(tariff)}" if len(offer.tariffs) > 1 else amount_in_words(tariff)
        for name, tariff in offer.tariffs
    )
    return f"{offer.version.plan.name}: {prices}"
