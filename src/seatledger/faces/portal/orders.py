"""Buying and changing: what is wanted, what it costs now and later, and the confirmation of exactly that."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from seatledger.domain.invoices.actions import BillingWaits
from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.invoices.one_bills import check_pays_by_itself, pays_by_itself
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.taxes import TaxRuleMissing
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions import (
    NoWayToPay,
    Order,
    PlanOrder,
    QuoteChanged,
    SoldByContract,
    TrialOrder,
    quote_order,
)
from seatledger.domain.payments.actions.buying import Confirmation, confirm_order
from seatledger.domain.payments.models import PaymentMethod
from seatledger.domain.payments.queries import Offer, get_default_method, list_offers
from seatledger.domain.payments.queries.buying import credit_to_use
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.domain.subscriptions.queries import AgreedLicence, Agreement, get_agreement, price_choice
from seatledger.engine.policies import ChargeModel
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.order_forms import EndForm, MoreForm, NumberForm, OrderForm, PlanForm, TrialForm
from seatledger.faces.portal.quote_words import Told, tell, tell_done, tell_prices
from seatledger.faces.ui import formats
from seatledger.shared.errors import NotFound, Refused

# Refusals that no other input would help with: the sales team does.
_FOR_THE_SALES_TEAM = (NoWayToPay, SoldByContract)

# What the vendor's staff must see to; its words are for them.
_NOT_SET_UP = (NoSeller, TaxRuleMissing, BillingWaits)


@dataclass(frozen=True)
class OrderPage:
    """What differs between the pages of orders. `asks` and `confirms` are the labels of its buttons."""

    title: str
    lead: str
    form: OrderForm
    asks: str
    confirms: str
    outcome: str = "What it costs"


@private(Permission.BILLING_MANAGE)
@require_GET
def ask_for_more(request: PortalRequest) -> HttpResponse:
    """Lead to the purchase where the account can buy by itself, and to the request to the vendor where not."""
    now = timezone.now()
    agreement = get_agreement(request.account, at=now)
    if (
        agreement
        and pays_by_itself(request.account)
        and can_buy_alone(agreement, get_default_method(request.account), now)
    ):
        return redirect("portal:buy_now" if agreement.paid_from is None else "portal:buy_more")
    return redirect("portal:request_licences")


def can_buy_alone(agreement: Agreement, method: PaymentMethod | None, at: datetime) -> bool:
    """Say whether an account is shown prices: online always, on a contract once a good way to pay is on file."""
    if agreement.is_over and agreement.paid_from is not None:
        return False
    if agreement.sold_by == SoldBy.CONTRACT:
        account = agreement.subscription.account
        good = method is not None and not method.is_expired(today_of(account, at))
        return good and agreement.paid_from is not None and bool(_sold_by_number(agreement))
    return agreement.paid_from is None or bool(_sold_by_number(agreement))


def _sold_by_number(agreement: Agreement) -> list[AgreedLicence]:
    """Return the licence types that are bought ahead, so that their number is chosen."""
    return [
        licence
        for licence in agreement.licences
        if licence.tariff and licence.tariff.charge_model is ChargeModel.PREPAID
    ]


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def buy_more(request: PortalRequest) -> HttpResponse:
    """Add licences of one or several types: choose the numbers, see what it costs, confirm."""
    agreement = _agreement_of(request)
    form = MoreForm(_data_of(request, "more-"), licences=_sold_by_number(agreement))
    page = OrderPage(
        title="Need more licences?",
        lead="Choose how many more. Nothing is bought before you have seen what it costs and confirmed it.",
        form=form,
        asks="Show what it costs",
        confirms="Purchase",
    )
    return _show_or_place(request, page, agreement)


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def change_number(request: PortalRequest, item_id: UUID) -> HttpResponse:
    """Change how many licences there are: choose a number, see what it costs, confirm."""
    agreement = _agreement_of(request)
    licence = next((one for one in agreement.licences if one.item.pk == item_id), None)
    if licence is None:
        raise NotFound("subscription")
    page = OrderPage(
        title=f"Change the number of {licence.name} subscriptions",
        lead="Nothing is bought before you have seen what it costs and confirmed it.",
        form=NumberForm(
            _data_of(request, "number"), licence=licence, online=agreement.sold_by == SoldBy.ONLINE
        ),
        asks="Show what it costs",
        confirms="Confirm",
    )
    return _show_or_place(request, page, agreement)


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def change_subscription_plan(request: PortalRequest) -> HttpResponse:
    """Change the plan or the interval: choose, see what it costs, confirm."""
    agreement = _agreement_of(request)
    page = OrderPage(
        title="Change plan",
        lead=f"You are on the {agreement.plan_name} plan. From annual to monthly is possible at the end of the paid year.",
        form=PlanForm(
            _data_of(request, "plan"),
            offers=_offers(request, agreement),
            now=_plan_key(agreement),
            held=_held(agreement),
        ),
        asks="Show what it costs",
        confirms="Change plan",
    )
    return _show_or_place(request, page, agreement)


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def buy_now(request: PortalRequest) -> HttpResponse:
    """Let a trial become paid: choose the plan and the day, see what it costs, confirm."""
    agreement = _agreement_of(request)
    form = TrialForm(
        _data_of(request, "plan"),
        offers=_offers(request, agreement),
        now=_plan_key(agreement),
        held=_held(agreement),
        is_over=agreement.is_over,
    )
    page = OrderPage(
        title="Buy now",
        lead="Everything that you set up during the trial stays as it is.",
        form=form,
        asks="Show what it costs",
        confirms="Buy",
    )
    return _show_or_place(request, page, agreement)


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def cancel_subscription(request: PortalRequest) -> HttpResponse:
    """End the subscription with its period: see what will happen, confirm."""
    agreement = _agreement_of(request)
    page = OrderPage(
        title="Cancel the subscription",
        lead="This is what will happen. You can withdraw it until the last day.",
        form=EndForm(request.POST if request.method == "POST" else request.GET),
        asks="",
        confirms="Cancel at the end of the period",
        outcome="What will happen",
    )
    return _show_or_place(request, page, agreement)


def _show_or_place(request: PortalRequest, page: OrderPage, agreement: Agreement) -> HttpResponse:
    """Show the form, or what it costs, or do what was confirmed. `agreement` is what holds until then."""
    now = timezone.now()
    if not page.form.is_valid():
        return _show(request, page, status=422 if page.form.is_bound else 200)
    order = page.form.to_order()
    try:
        if request.method == "POST":
            return _confirm(request, order, agreement, now)
        return _show(request, page, told=_told(request, order, agreement, now))
    except QuoteChanged as changed:
        told = _told(request, order, agreement, now)
        return _show(request, page, told=told, changed=str(changed), status=422)
    except Refused as refusal:
        return _refuse(request, page, refusal)


def _confirm(request: PortalRequest, order: Order, agreement: Agreement, at: datetime) -> HttpResponse:
    """Do what was confirmed, or lead to its payment."""
    back = request.build_absolute_uri(reverse("portal:order", args=[UUID(int=0)]))
    pays = request.POST.get("pays", "")
    confirmation = Confirmation(
        digest=request.POST.get("expected", ""),
        pays_minor=int(pays) if pays.isascii() and pays.isdigit() and len(pays) < 18 else None,
        return_url=f"{back.replace(str(UUID(int=0)), '{order}')}?back=1",
    )
    confirmed = confirm_order(
        account=request.account, order=order, confirmation=confirmation, at=at, by=request.actor
    )
    if confirmed.waiting:
        return redirect("portal:order", confirmed.waiting.pk)
    messages.success(request, tell_done(order, agreement, confirmed.issued, locale=formats.reader_locale()))
    return redirect("portal:account_summary")


def _refuse(request: PortalRequest, page: OrderPage, refusal: Refused) -> HttpResponse:
    """Show why it is not possible: beside the form where another input helps, else above it with the sales contact."""
    if isinstance(refusal, _NOT_SET_UP):
        contact = sales_contact_of(request.account)
        said = f"What it costs cannot be worked out now, so nothing was bought. Contact {contact}."
        return _show(request, page, refusal=said, status=422)
    if isinstance(refusal, _FOR_THE_SALES_TEAM):
        return _show(request, page, refusal=str(refusal), status=422)
    page.form.add_error(None, str(refusal))
    return _show(request, page, status=422)


def _told(request: PortalRequest, order: Order, agreement: Agreement, at: datetime) -> Told:
    quote = quote_order(account=request.account, order=order, at=at, by=request.actor)
    credit_minor = credit_to_use(request.account)
    told = tell(order, agreement, quote, credit_minor=credit_minor, locale=formats.reader_locale())
    if not isinstance(order, PlanOrder | TrialOrder) or order.choice is None:
        return told
    version, interval = order.choice.version, order.choice.interval
    prices = price_choice(agreement.subscription, version, interval, order.takes_effect, at=at)
    return replace(told, notes=(*told.notes, *tell_prices(order.choice, prices, agreement)))


def _show(
    request: PortalRequest,
    page: OrderPage,
    *,
    told: Told | None = None,
    changed: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": page.form,
        "told": told,
        "changed": changed,
        "refusal": refusal,
        "method": get_default_method(request.account),
        "sent": [(name, page.form.data.get(name, "")) for name in page.form.fields],
    }
    return render(request, "portal/order.html", context, status=status)


def _agreement_of(request: PortalRequest) -> Agreement:
    check_pays_by_itself(request.account)
    agreement = get_agreement(request.account, at=timezone.now())
    if agreement is None:
        raise NotFound("subscription")
    return agreement


def _offers(request: PortalRequest, agreement: Agreement) -> list[Offer]:
    return list_offers(request.account, agreement.subscription, at=timezone.now())


def _held(agreement: Agreement) -> dict[str, int]:
    """Return how many licences there are now of each type that has a number, by its key."""
    return {
        licence.item.pool.licence_type.key: licence.total
        for licence in agreement.licences
        if licence.total is not None
    }


def _plan_key(agreement: Agreement) -> str:
    return f"{agreement.plan_key}.{agreement.interval}"


def _data_of(request: PortalRequest, field: str) -> QueryDict | None:
    """Return what the form was filled in with: on the way to the quote in the address, on confirming in the body."""
    if request.method == "POST":
        return request.POST
    return request.GET if any(name.startswith(field) for name in request.GET) else None
