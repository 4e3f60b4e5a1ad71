"""Account > Billing: the tab Licence details, the main contact, and the request for more licences."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.queries import find_closure
from seatledger.domain.licences.queries import get_account_type, today_of
from seatledger.domain.payments.queries.quotations import list_waiting_quotations
from seatledger.domain.people.actions import choose_main_contact
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact, get_user
from seatledger.engine.days import day_of
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.people_choices import PersonForm
from seatledger.faces.portal.places import own_place
from seatledger.faces.portal.pool_lines import pool_lines
from seatledger.shared.errors import NotFound, Refused


class ContactForm(PersonForm):
    """Who speaks for the account."""

    user = forms.UUIDField(label="Main contact", widget=forms.Select)


@private(Permission.BILLING_VIEW)
@require_GET
def show_billing(request: PortalRequest) -> HttpResponse:
    """Show the tab Licence details. `?user=` shows another user's contact details before saving."""
    return _show(request, chosen=_asked_contact(request))


@private(Permission.CONTACT_MANAGE)
@require_POST
def save_main_contact(request: PortalRequest) -> HttpResponse:
    """Make the chosen user the main contact."""
    form = ContactForm(request.POST, account=request.account, chosen=find_main_contact(request.account))
    if form.is_valid():
        user = form.cleaned_data["user"]
        try:
            choose_main_contact(user=user, at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error("user", str(refusal))
        else:
            messages.success(request, f"{user.full_name} is the main contact now.")
            return redirect("portal:billing")
    return _show(request, form=form, chosen=None)


def _show(request: PortalRequest, *, chosen: User | None, form: ContactForm | None = None) -> HttpResponse:
    account, place, now = request.account, own_place(request), timezone.now()
    contact, closure = find_main_contact(account), find_closure(account)
    may_choose = Permission.CONTACT_MANAGE in request.permissions
    if may_choose and form is None:
        form = ContactForm(account=account, chosen=chosen or contact)
    context = {
        "account_type": get_account_type(account, now),
        "region": region_of(account),
        "place": place,
        "lines": pool_lines(place, today=today_of(account, now)),
        "contact": contact,
        "shown": chosen or contact,
        "form": form,
        "may_choose": may_choose,
        "may_ask": Permission.BILLING_MANAGE in request.permissions,
        "may_change_details": Permission.BILLING_MANAGE in request.permissions,
        "quotations": list_waiting_quotations(account, today=today_of(account, now)),
        "may_delete": Permission.DELETION_REQUEST in request.permissions,
        "closure": closure,
        "closes_on": day_of(closure.takes_effect_at, ZoneInfo(account.time_zone)) if closure else None,
        "may_see_history": Permission.LICENCES_VIEW in request.permissions,
    }
    return render(request, "portal/billing.html", context, status=422 if form and form.is_bound else 200)


def _asked_contact(request: PortalRequest) -> User | None:
    asked = request.GET.get("user", "")
    try:
        return get_user(request.account, UUID(asked)) if asked else None
    except ValueError:
        raise NotFound("user") from None


@dataclass(frozen=True)
class Residency:
    """Where data is kept: `label` names jurisdiction and server location."""

    label: str
    jurisdiction: str
    location: str


def region_of(account: Account) -> Residency:
    """Return the account's region in words: `EU/EEA (Germany West Central)`."""
    region = settings.SEATLEDGER_REGIONS.get(account.region)
    label = region.label if region else account.region.upper()
    jurisdiction, _, location = label.partition(" (")
    return Residency(label, jurisdiction, location.rstrip(")"))
