"""Doing something to an account, and deciding on what waits for a second person."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.staff.actions import (
    DeedPreview,
    approve_deed,
    decline_deed,
    do_deed,
    preview_deed,
)
from seatledger.domain.staff.deeds import DEEDS, Figures
from seatledger.domain.staff.models import DeedState
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.deeds import (
    describe_deed,
    get_deed_for_operator,
    list_waiting_for_operator,
)
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.deed_forms import FORMS, DeedForm
from seatledger.shared.errors import Refused


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_http_methods(["GET", "POST"])
def show_deed(request: ConsoleRequest, serial: str, name: str) -> HttpResponse:
    """Ask what a deed needs to know, and do it or let it wait. The deed's own permission is checked too."""
    deed = DEEDS.get(name)
    if deed is None:
        raise Http404("There is no such action.")
    if deed.permission not in request.permissions:
        raise PermissionDenied(
            f"Your role, {request.staff.get_role_display()}, does not include “{deed.permission.label}”."
        )
    account = get_account_for_operator(serial)
    form = FORMS[name](request.POST if request.method == "POST" else None, account=account, about=request.GET)
    preview, looks = None, request.POST.get("do") == "look"
    if form.is_valid():
        try:
            if not looks:
                return _do(request, account, name, form)
            preview = _look(request, account, name, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    about = _about(account, name, form)
    # What was only looked at is answered like what was refused: the form stays, in a dialog too.
    alone = settings.SEATLEDGER_SECOND_PERSON
    context = {
        "account": account,
        "deed": deed,
        "form": form,
        "alone": alone,
        "preview": preview,
        "about": about,
    }
    return render(request, "console/deed.html", context, status=422 if form.is_bound else 200)


def _about(account: Account, name: str, form: DeedForm) -> Figures:
    """Return what the deed is about, for whoever is to fill the form in. Raises NotFound for what is not the account's."""
    named = form.named()
    if named is None:
        return {}
    try:
        return describe_deed(account, name, named, at=timezone.now())
    except Refused:
        if named:
            raise
        return {}  # such as the plan of an account that has none: doing it says so


def _look(request: ConsoleRequest, account: Account, name: str, form: DeedForm) -> DeedPreview:
    return preview_deed(account=account, intent=form.intent(name), at=timezone.now(), by=request.actor)


def _do(request: ConsoleRequest, account: Account, name: str, form: DeedForm) -> HttpResponse:
    done = do_deed(account=account, intent=form.intent(name), at=timezone.now(), by=request.actor)
    if done.state == DeedState.WAITING:
        messages.info(request, f"{DEEDS[name].label}: waits for a second person. Nothing has changed yet.")
    else:
        messages.success(request, f"{DEEDS[name].label}: done.")
    return redirect("console:account", account.serial_number)


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_waiting(request: ConsoleRequest) -> HttpResponse:
    """List what waits for a second person."""
    waiting = [(deed, DEEDS[deed.deed].label) for deed in list_waiting_for_operator()]
    return render(request, "console/waiting.html", {"waiting": waiting})


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_asked(request: ConsoleRequest, deed_id: UUID) -> HttpResponse:
    """Show what was asked for or done: with which figures, why, by whom, and what became of it."""
    row = get_deed_for_operator(deed_id)
    deed = DEEDS[row.deed]
    may_decide = row.state == DeedState.WAITING and deed.permission in request.permissions
    context = {
        "row": row,
        "label": deed.label,
        "may_decide": may_decide,
        "is_own": row.asked_by_id == request.staff.pk,
    }
    return render(request, "console/asked.html", context)


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_POST
def decide(request: ConsoleRequest, deed_id: UUID) -> HttpResponse:
    """Approve what another one asked for, or decline it. The deed's own permission is checked by the action."""
    row = get_deed_for_operator(deed_id)
    back_url = reverse("console:asked", args=[deed_id])
    try:
        if request.POST.get("decision") == "approve":
            approve_deed(deed_id=deed_id, at=timezone.now(), by=request.actor)
            messages.success(request, f"{DEEDS[row.deed].label}: approved and done.")
        else:
            decline_deed(deed_id=deed_id, at=timezone.now(), by=request.actor)
            messages.success(request, f"{DEEDS[row.deed].label}: declined. Nothing has changed.")
    except Refused as refusal:
        context = {"refusal": refusal, "back_url": back_url}
        return render(request, "console/refused.html", context, status=422)
    return redirect("console:account", row.about.serial_number)
