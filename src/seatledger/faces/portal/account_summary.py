"""Account > Account summary: what the account is on, what it pays and how, and what new users are given."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.queries import AccountSummary, SummaryItem, get_account_summary
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import NewUserRules, change_preferences
from seatledger.domain.subscriptions.models import OnJoining, OnNoneLeft, SoldBy
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


@private(Permission.BILLING_VIEW)
@require_GET
def show_account_summary(request: PortalRequest) -> HttpResponse:
    """Show the account summary."""
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
        **(_parts_of(summary, today=today_of(account, now)) if summary else {}),
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
        "is_equivalent": bool(prices) and words.is_equivalent(summary.interval),
        "billing": words.billing_name(summary.interval) if prices else "Free of charge",
    }


def _parts_of(summary: AccountSummary, *, today: date) -> dict[str, object]:
    """Return which parts there are: they follow from how the account is sold, and how it pays."""
    method = summary.method
    expired = method is not None and method.is_expired(today)
    return {
        "is_contract": summary.agreement.sold_by == SoldBy.CONTRACT,
        "rows": [Row(item, "") for item in summary.items],
        "card_expired": expired,
        "can_pay": method is not None and not expired,
    }
