"""Customers > New Customer: a provider opens an account for a customer, after choosing the plan that it begins with."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, PriceInterval
from seatledger.domain.licences.actions import NewAccount, NewUser
from seatledger.domain.licences.limits import MOST_LICENCES
from seatledger.domain.licences.queries import today_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import NewSubscription, open_subscribed_account
from seatledger.domain.subscriptions.offers import currencies_of, intervals_of, list_plans_on_sale
from seatledger.faces.portal.access import PortalRequest, entering_new_customer, private
from seatledger.faces.portal.settings import LOCALES, locale_name, time_zone_names
from seatledger.shared.errors import NotFound, Refused

TRIAL: Final = "trial"
# The field that a refusal is about; any other is about the whole form.
FIELD_OF: Final = {
    "unknown_time_zone": "time_zone",
    "unknown_locale": "locale",
    "email_taken": "email",
    "unfit_email": "email",
    "not_sold_in_this_currency_and_interval": "currency",
    "plan_has_no_trial": "begins",
}


class PlanForm(forms.Form):
    """Which plan the customer begins with."""

    plan = forms.ChoiceField(label="Plan", widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, versions: Mapping[str, PlanVersion]) -> None:
        super().__init__(data)
        choices = [(key, _words_of(version)) for key, version in versions.items()]
        cast("forms.ChoiceField", self.fields["plan"]).choices = choices


class CustomerForm(forms.Form):
    """A new customer on a plan: the organisation, its first administrator, and how many licences it may have."""

    name = forms.CharField(max_length=200, label="Organisation")
    locale = forms.ChoiceField(
        label="Language and country",
        help_text="How days, numbers and amounts are written, and the language of e-mails.",
    )
    time_zone = forms.CharField(
        max_length=64,
        label="Time zone",
        help_text="Type a city. The customer's days begin and its licences expire at midnight there.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    currency = forms.ChoiceField(label="Currency", help_text="It stays for good.")
    first_name = forms.CharField(max_length=100, label="First name")
    last_name = forms.CharField(max_length=100, label="Last name")
    email = forms.EmailField(max_length=254, label="Email address")
    begins = forms.ChoiceField(label="Begins with", widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, provider: Account, version: PlanVersion) -> None:
        currencies = currencies_of(version) or [provider.currency]
        begins = _beginnings_of(version, currencies)
        super().__init__(
            data,
            initial={
                "locale": provider.locale,
                "time_zone": provider.time_zone,
                "currency": provider.currency if provider.currency in currencies else currencies[0],
                "begins": begins[0][0],
            },
        )
        tags = dict.fromkeys([provider.locale, *LOCALES])
        locales = sorted(((tag, locale_name(tag)) for tag in tags), key=lambda choice: choice[1])
        self._choose("locale", locales)
        self._choose("currency", [(one, one) for one in currencies])
        self._choose("begins", begins)
        self.version = version
        self.limited = [item for item in _items_of(version) if item.licence_type.is_limited]
        for item in self.limited:
            self.fields[_field_of(item)] = forms.IntegerField(
                label=name_type(provider, item.licence_type),
                min_value=0,
                max_value=MOST_LICENCES,
                required=item.licences is not None,
                initial=item.licences,
                help_text="" if item.licences is not None else "Leave it empty for no maximum.",
            )

    def _choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[field]).choices = choices

    def numbers(self) -> list[forms.BoundField]:
        return [self[_field_of(item)] for item in self.limited]

    def account(self, provider: Account) -> NewAccount:
        said = self.cleaned_data
        return NewAccount(
            name=said["name"],
            region=provider.region,
            currency=said["currency"],
            time_zone=said["time_zone"],
            locale=said["locale"],
            provider=provider,
        )

    def administrator(self) -> NewUser:
        said = self.cleaned_data
        return NewUser(said["first_name"], said["last_name"], said["email"])

    def subscription(self) -> NewSubscription:
        """Return what the customer agrees to; a trial goes on by the usual interval once it is bought."""
        said = self.cleaned_data
        usual = intervals_of(self.version, currency=said["currency"])
        is_trial = said["begins"] == TRIAL
        interval = (usual or [PriceInterval.MONTH])[0] if is_trial else PriceInterval(said["begins"])
        said_numbers = {item.licence_type.key: said[_field_of(item)] for item in self.limited}
        return NewSubscription(
            version=self.version,
            interval=interval,
            quantities={key: number for key, number in said_numbers.items() if number is not None},
            trial=is_trial,
        )


@private(Permission.CUSTOMERS_OPEN)
@require_http_methods(["GET", "POST"])
def open_customer(request: PortalRequest) -> HttpResponse:
    """Ask for the plan, then for the customer, and open the account. Its administrator is sent the welcome e-mail."""
    provider, now = request.account, timezone.now()
    if not provider.is_provider:
        raise NotFound("customer")
    versions = {version.plan.key: version for version in list_plans_on_sale(today_of(provider, now))}
    chosen = request.GET.get("plan")
    if chosen not in versions:
        plans = PlanForm(request.GET if chosen is not None else None, versions=versions)
        return render(request, "portal/new_customer_plan.html", {"form": plans, "plans": versions})
    form = CustomerForm(request.POST or None, provider=provider, version=versions[chosen])
    if form.is_valid():
        new = form.account(provider)
        try:
            with entering_new_customer(request, new.id) as actor:
                customer, administrator = open_subscribed_account(
                    new=new,
                    administrator=form.administrator(),
                    subscription=form.subscription(),
                    at=now,
                    by=actor,
                )
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code), str(refusal))
        else:
            messages.success(
                request,
                f"The account of {customer.name} is open. {administrator.email} is sent the welcome e-mail.",
            )
            return redirect("portal:customer", customer.pk)
    here = f"{reverse('portal:new_customer')}?{urlencode({'plan': chosen})}"
    context = {"form": form, "version": versions[chosen], "here": here, "time_zones": time_zone_names()}
    return render(request, "portal/new_customer.html", context, status=422 if form.is_bound else 200)


def _items_of(version: PlanVersion) -> list[PlanItem]:
    rows = version.items.select_related("licence_type__product")
    return list(rows.order_by("licence_type__metric_order", "licence_type__key"))


def _field_of(item: PlanItem) -> str:
    return f"number-{item.licence_type.key}"


def _words_of(version: PlanVersion) -> str:
    plan = version.plan
    return f"{plan.name}: {plan.description}" if plan.description else plan.name


def _beginnings_of(version: PlanVersion, currencies: list[str]) -> list[tuple[str, str]]:
    """Return how a customer can begin: with a trial where the plan has one, or paid by an interval."""
    days = version.plan.trial_days
    trial = [(TRIAL, f"A trial of {days} day{'' if days == 1 else 's'}, free of charge")] if days else []
    sold = {interval for currency in currencies for interval in intervals_of(version, currency=currency)}
    paid = [
        (interval.value, f"The paid plan, by the {interval.label.lower()}")
        for interval in PriceInterval
        if interval in sold
    ]
    return trial + paid
