"""Account > Account summary: what the account is on, what it pays and how, and what new users are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.catalogue.price_words import conditions_in_words
from seatledger.domain.catalogue.words import charged_in_words
from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.invoices.one_bills import check_pays_by_itself
from seatledger.domain.licences.queries import today_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.payments.actions import withdraw_order
from seatledger.domain.payments.queries import AccountSummary, SummaryItem, get_account_summary
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import NewUserRules, change_preferences
from seatledger.domain.subscriptions.models import Change, ChangeKind, OnJoining, OnNoneLeft, SoldBy
from seatledger.domain.subscriptions.queries import Agreement, ChangeToCome
from seatledger.engine.days import day_of
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Plan
from seatledger.faces.portal import summary_words as words
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui import formats


class PreferencesForm(forms.Form):
    """How new users are treated."""

    on_joining = forms.ChoiceField(label="When a new user joins", choices=OnJoining, widget=forms.RadioSelect)
    on_none_left = forms.ChoiceField(
        label="When no subscription is available", choices=OnNoneLeft, widget=forms.RadioSelect
    )
    most_licences = forms.IntegerField(
        label="Never more than",
        required=False,
        min_value=1,
        help_text="The most subscriptions the count is increased to automatically. Empty: no limit.",
    )


@dataclass(frozen=True)
class Row:
    """A line of the table of subscriptions; without a `change_url` it is not changed here."""

    item: SummaryItem
    change_url: str


@dataclass(frozen=True)
class ChangeView:
    """A change to come in words: from which day it counts, and what it does not go together with."""

    title: str
    on: date
    conflicts: tuple[str, ...]
    withdraw_url: str


@private(Permission.BILLING_VIEW)
@require_GET
def show_account_summary(request: PortalRequest) -> HttpResponse:
    """Show the account summary, unless the account's provider pays."""
    check_pays_by_itself(request.account)
    return _show(request)


@private(Permission.BILLING_MANAGE)
@require_POST
def save_preferences(request: PortalRequest) -> HttpResponse:
    """Store how new users are treated."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form)
    found = form.cleaned_data
    rules = NewUserRules(
        OnJoining(found["on_joining"]), OnNoneLeft(found["on_none_left"]), found["most_licences"]
    )
    change_preferences(account=request.account, new=rules, at=timezone.now(), by=request.actor)
    messages.success(request, "The preferences are saved.")
    return redirect("portal:account_summary")


@private(Permission.BILLING_MANAGE)
@require_POST
def withdraw_change_to_come(request: PortalRequest, change_id: UUID) -> HttpResponse:
    """Take back a change that has not taken effect."""
    withdraw_order(account=request.account, change_id=change_id, at=timezone.now(), by=request.actor)
    messages.success(request, "The change is withdrawn: everything stays as it is.")
    return redirect("portal:account_summary")


def _show(request: PortalRequest, *, form: PreferencesForm | None = None) -> HttpResponse:
    account, now = request.account, timezone.now()
    summary = get_account_summary(account, now)
    may_change = Permission.BILLING_MANAGE in request.permissions
    if summary and form is None:
        form = PreferencesForm(initial=model_to_dict(summary.preferences))
    context = {
        "summary": summary,
        "contact": sales_contact_of(account),
        "may_change": may_change,
        "form": form,
        **(_words_of(summary) if summary else {}),
        **(_parts_of(summary, may_change=may_change, today=today_of(account, now)) if summary else {}),
    }
    return render(
        request, "portal/account_summary.html", context, status=422 if form and form.is_bound else 200
    )


def _words_of(summary: AccountSummary) -> dict[str, object]:
    """Return what the page says in sentences and prices."""
    locale = formats.reader_locale()
    prices = [words.exact_price(item, summary, locale=locale) for item in summary.priced]
    return {
        "plan_sentence": words.plan_sentence(summary, locale=locale),
        "total_sentence": words.total_sentence(summary, locale=locale),
        "prices": prices,
        "charging": list(dict.fromkeys(_charging_of(summary))),
        "is_equivalent": bool(prices) and words.is_equivalent(summary.interval),
        "billing": words.billing_name(summary.interval) if prices else "Free of charge",
    }


def _charging_of(summary: AccountSummary) -> Iterator[str]:
    """Yield how the licences are charged, in sentences: a price is never shown without its rules."""
    for item in summary.priced:
        if tariff := item.licence.tariff:
            yield f"{charged_in_words(tariff.charge_model, tariff.counting)}."
            yield from conditions_in_words(Plan(tariff))


def _parts_of(summary: AccountSummary, *, may_change: bool, today: date) -> dict[str, object]:
    """Return which parts there are: they follow from how the account is sold, and how it pays."""
    agreement, method = summary.agreement, summary.method
    expired = method is not None and method.is_expired(today)
    online = agreement.sold_by == SoldBy.ONLINE
    changes_itself = may_change and online and not agreement.is_over
    on_trial = agreement.trial_ends_on is not None or not summary.is_bought
    return {
        "is_contract": not online,
        "rows": [Row(item, _change_url(item, agreement) if may_change else "") for item in summary.items],
        "card_expired": expired,
        "can_pay": method is not None and not expired,
        "may_change_plan": changes_itself and not on_trial,
        "may_cancel": changes_itself and summary.is_bought and agreement.renews_on is not None,
        "may_buy": may_change and online and bool(summary.priced) and not summary.is_bought,
        "changes": [_change_view(one, agreement, may_withdraw=changes_itself) for one in agreement.to_come],
    }


def _change_url(item: SummaryItem, agreement: Agreement) -> str:
    """Return where the number of licences is changed: of those bought ahead, as long as the subscription goes on."""
    if not item.is_prepaid or agreement.is_over or agreement.paid_from is None:
        return ""
    return reverse("portal:change_number", args=[item.licence.item.pk])


def _change_view(to_come: ChangeToCome, agreement: Agreement, *, may_withdraw: bool) -> ChangeView:
    change, zone = to_come.change, ZoneInfo(agreement.subscription.account.time_zone)
    return ChangeView(
        title=_title_of(change),
        on=day_of(change.effective_at, zone),
        conflicts=tuple(contradiction.words for contradiction in to_come.contradictions),
        withdraw_url=reverse("portal:withdraw_change", args=[change.pk]) if may_withdraw else "",
    )


def _title_of(change: Change) -> str:
    if change.version is not None:
        how = words.billed_how(Interval(Unit(change.interval)))
        return f"The {change.version.plan.name} plan, billed {how}"
    if change.item is not None:
        return f"{change.quantity} {name_type(change.account, change.item.pool.licence_type)} subscriptions"
    return "The subscription is over" if change.kind == ChangeKind.END else "The trial becomes paid"
