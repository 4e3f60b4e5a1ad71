"""Request deletion of this account: what it means, the confirmation, and where a request stands."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.closures.actions import check_confirmation, request_closure
from seatledger.domain.closures.dates import ERASED_WITHIN
from seatledger.domain.closures.planning import find_end_of_period
from seatledger.domain.closures.queries import find_closure, list_steps, name_steps
from seatledger.domain.people.permissions import Permission
from seatledger.engine.days import day_of
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused


class ClosureForm(forms.Form):
    """The requester shows that he means it, and who he is."""

    name = forms.CharField(
        label="Account name", max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    password = forms.CharField(
        label="Your password",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


@private(Permission.DELETION_REQUEST)
@require_http_methods(["GET", "POST"])
def request_deletion(request: PortalRequest) -> HttpResponse:
    """Say what deletion means and take the request; where there is one, show where it stands."""
    form = ClosureForm(request.POST or None)
    form.fields["name"].help_text = f"Type the name of the account: {request.account.name}"
    if form.is_valid():
        limited: HttpResponse | None = ratelimit.consume_or_429(
            request, action="reauthenticate", user=request.user
        )
        if limited is not None:
            return limited
        if _requested(request, form):
            messages.success(request, "Your request was sent. You will get a confirmation by e-mail.")
            return redirect("portal:request_deletion")
    return _show(request, form)


def _requested(request: PortalRequest, form: ClosureForm) -> bool:
    found = form.cleaned_data
    try:
        check_confirmation(user=request.user, typed_name=found["name"], password=found["password"])
        request_closure(account=request.account, at=timezone.now(), by=request.actor)
    except Refused as refusal:
        field = {"name_not_typed": "name", "password_wrong": "password"}.get(refusal.code)
        form.add_error(field, str(refusal))
        return False
    return True


def _show(request: PortalRequest, form: ClosureForm) -> HttpResponse:
    account, now = request.account, timezone.now()
    closure = find_closure(account)
    takes_effect_at = closure.takes_effect_at if closure else find_end_of_period(account, at=now)
    zone = ZoneInfo(account.time_zone)
    context = {
        "form": form,
        "closure": closure,
        "steps": name_steps(account, list_steps(account, closure)) if closure else [],
        "closes_on": day_of(takes_effect_at, zone),
        "last_day": _last_day(takes_effect_at, zone),
        "erased_by": day_of(takes_effect_at + ERASED_WITHIN, zone),
        "vendor_email": settings.SEATLEDGER_VENDOR_EMAIL,
        "terms_url": settings.SEATLEDGER_TERMS_ADDRESS,
    }
    return render(request, "portal/request_deletion.html", context, status=422 if form.errors else 200)


def _last_day(takes_effect_at: datetime, zone: ZoneInfo) -> date:
    """Return the last day on which everything works."""
    return day_of(takes_effect_at - timedelta(microseconds=1), zone)
