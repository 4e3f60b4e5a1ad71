"""Change Payment Method: how the account pays; add, replace, choose the default and remove."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions import choose_default, remove_method
from seatledger.domain.payments.actions.returning import ask_what_was_entered
from seatledger.domain.payments.actions.setups import SETUP_ID, SetupWish, begin_setup
from seatledger.domain.payments.gateways.reasons import sentence_of
from seatledger.domain.payments.gateways.registry import NoGateway, gateway_for_new_methods
from seatledger.domain.payments.models import MethodKind, PaymentMethod, SetupState
from seatledger.domain.payments.queries import get_method, list_methods
from seatledger.domain.payments.queries.paying import get_setup
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.leaving import leave_for
from seatledger.faces.portal.progress import MOST_LOOKS, looks_of


@private(Permission.BILLING_MANAGE)
@require_GET
def show_payment_methods(request: PortalRequest) -> HttpResponse:
    """Show the ways in which the account pays."""
    today = today_of(request.account, timezone.now())
    methods = list_methods(request.account)
    context = {
        "methods": [(method, expiry_of(method, today)) for method in methods],
        "removable": len(methods) == 1,
        "kinds": kinds_to_add(),
        "contact": sales_contact_of(request.account),
    }
    return render(request, "portal/payment_methods.html", context)


@private(Permission.BILLING_MANAGE)
@require_POST
def add_payment_method(request: PortalRequest) -> HttpResponse:
    """Send the customer to the gateway's page to enter a card or a bank account, perhaps in place of another one."""
    kinds, asked = dict(kinds_to_add()), request.POST.get("kind", "")
    kind = MethodKind(asked) if asked in kinds else MethodKind.CARD
    replaced = request.POST.get("replaces", "")
    replaces = get_method(request.account, UUID(replaced)) if replaced else None
    back = request.build_absolute_uri(reverse("portal:adding_method", args=[UUID(int=0)]))
    wish = SetupWish(
        kind=MethodKind(replaces.kind) if replaces else kind,
        return_url=f"{back.replace(str(UUID(int=0)), SETUP_ID)}?back=1",
        replaces=replaces,
    )
    setup = begin_setup(account=request.account, wish=wish, at=timezone.now(), by=request.actor)
    return redirect("portal:adding_method", setup.pk)


@private(Permission.BILLING_MANAGE)
@require_GET
def show_adding(request: PortalRequest, setup_id: UUID) -> HttpResponse:
    """Lead to the gateway's page, and wait for what was entered there; then back to the methods."""
    setup = get_setup(request.account, setup_id)
    if setup.state == SetupState.DONE and setup.method:
        verb = "replaces the one before" if setup.replaces_id else "is added"
        messages.success(request, f"{setup.method.masked} {verb}.")
        return redirect("portal:payment_methods")
    if "back" in request.GET:
        ask_what_was_entered(setup=setup, at=timezone.now(), by=request.actor)
        return redirect(f"{request.path}?looks=0")
    looks = looks_of(request.GET.get("looks", ""))
    is_open = setup.state == SetupState.OPEN
    if is_open and setup.url and looks is None:
        return leave_for(request, setup.url)
    context = {
        "setup": setup,
        "is_open": is_open,
        "is_back": looks is not None,
        "gives_up": looks is not None and looks >= MOST_LOOKS,
        "why": sentence_of(setup.reason) if setup.reason else "",
    }
    response = render(request, "portal/adding_method.html", context)
    if is_open and (looks is None or looks < MOST_LOOKS):
        counted = f"{request.path}?looks={looks + 1}" if looks is not None else request.path
        response["Refresh"] = f"1;url={counted}"
    response["Cache-Control"] = "no-store"
    return response


@private(Permission.BILLING_MANAGE)
@require_POST
def choose_payment_method(request: PortalRequest, method_id: UUID) -> HttpResponse:
    """Have the account pay by this method."""
    choose_default(account=request.account, method_id=method_id, at=timezone.now(), by=request.actor)
    chosen = get_method(request.account, method_id)
    messages.success(request, f"The account is paid by {chosen.masked} from now on.")
    return redirect("portal:payment_methods")


@private(Permission.BILLING_MANAGE)
@require_POST
def remove_payment_method(request: PortalRequest, method_id: UUID) -> HttpResponse:
    """Forget this method."""
    masked = get_method(request.account, method_id).masked
    remove_method(account=request.account, method_id=method_id, at=timezone.now(), by=request.actor)
    messages.success(request, f"{masked} is removed.")
    return redirect("portal:payment_methods")


def kinds_to_add() -> list[tuple[str, str]]:
    """Return what can be added here by the customer himself: value and label."""
    try:
        offered = gateway_for_new_methods().kinds
    except NoGateway:
        return []
    return [(kind.value, kind.label) for kind in MethodKind if kind in offered]


def expiry_of(method: PaymentMethod, today: date) -> str:
    """Return `expired`, `expiring` in its last month and the one before, or nothing."""
    if method.is_expired(today):
        return "expired"
    if method.expires_year is None or method.expires_month is None:
        return ""
    months_left = (method.expires_year - today.year) * 12 + method.expires_month - today.month
    return "expiring" if months_left <= 1 else ""
