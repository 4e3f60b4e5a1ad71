"""One account as staff see it: everything the customer sees at a glance, and what can be done about it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.catalogue.models import ChargeModel as CatalogueChargeModel
from seatledger.domain.invoices.models import AccountBilling, BalanceEntry, Document, EntryKind
from seatledger.domain.invoices.queries import find_who_pays, get_standing, list_transactions
from seatledger.domain.licences.access import access_ends_on
from seatledger.domain.licences.models import LicenceRequest, Pool
from seatledger.domain.licences.queries import (
    HistoryFilter,
    count_active_users,
    get_account_type,
    list_history,
    list_pools,
    name_history,
    name_pools,
    today_of,
)
from seatledger.domain.payments.models import QuotationState
from seatledger.domain.payments.queries.methods import list_methods
from seatledger.domain.payments.queries.quotations import list_quotations
from seatledger.domain.payments.queries.refunds import list_payments_with_credit
from seatledger.domain.people.queries import find_main_contact
from seatledger.domain.staff.deeds import DEEDS
from seatledger.domain.staff.deeds.quotations import MORE
from seatledger.domain.staff.models import StaffDeed
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.deeds import list_deeds_about, list_open_requests
from seatledger.domain.subscriptions.queries import Agreement, get_agreement
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.closures import closure_of, deeds_of_closure
from seatledger.faces.console.figure_listing import entries_url

NEWEST = 10


@dataclass(frozen=True)
class DeedLink:
    """Something this member of staff may do here."""

    label: str
    url: str


@dataclass(frozen=True)
class PoolView:
    """`access_until` is the last day of access, where that is later than the last day; `entries_url` where its numbers come from."""

    pool: Pool
    name: str
    access_until: date | None
    entries_url: str
    deeds: tuple[DeedLink, ...]


@dataclass(frozen=True)
class DeedView:
    """What staff did, in words."""

    deed: StaffDeed
    label: str


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_account(request: ConsoleRequest, serial: str) -> HttpResponse:
    """Show an account."""
    account, now = get_account_for_operator(serial), timezone.now()
    return render(
        request,
        "console/account.html",
        {
            "account": account,
            "account_type": get_account_type(account, now),
            "active_users": count_active_users(account),
            "contact": find_main_contact(account),
            "region": settings.SEATLEDGER_REGIONS.get(account.region),
            "may_view_as": account.closed_at is None
            and StaffPermission.VIEW_AS_CUSTOMER in request.permissions,
            **_licences(request, account),
            **_agreed(request, account, now),
            **_money(request, account, now),
            **_who_pays(request, account, now),
            **_closing(request, account, now),
            "deeds": [DeedView(deed, DEEDS[deed.deed].label) for deed in list_deeds_about(account)],
        },
    )


def links_of(
    request: ConsoleRequest, account: Account, *names: str, **about: UUID | int
) -> tuple[DeedLink, ...]:
    """Return what of these deeds the role allows, as links."""
    query = f"?{urlencode({name: str(value) for name, value in about.items()})}" if about else ""
    return tuple(
        DeedLink(DEEDS[name].label, reverse("console:deed", args=[account.serial_number, name]) + query)
        for name in names
        if DEEDS[name].permission in request.permissions
        and (DEEDS[name].when_closed or account.closed_at is None)
    )


def answers_of(
    request: ConsoleRequest, asked: LicenceRequest, agreement: Agreement | None
) -> tuple[DeedLink, ...]:
    """Return how a request can be answered: with a quotation where such licences are bought by number, or directly."""
    account = asked.account
    items = [
        licence.item.pk
        for licence in (agreement.licences if agreement and agreement.paid_from else ())
        if licence.item.pool.licence_type_id == asked.licence_type_id
        and licence.charge_model == CatalogueChargeModel.PREPAID
        and licence.tariff
    ]
    quoted: tuple[DeedLink, ...] = ()
    if items:
        about = {f"{MORE}{items[0]}": asked.number}
        quoted = links_of(request, account, "send_quotation", request_id=asked.pk, **about)
    direct = links_of(request, account, "answer_request", request_id=asked.pk, number=asked.number)
    return (*quoted, *direct)


def _licences(request: ConsoleRequest, account: Account) -> dict[str, object]:
    pools = list_pools(account)
    names = name_pools(account, pools)
    entries = list_history(account, HistoryFilter(), limit=NEWEST)
    return {
        "sees_figures": StaffPermission.FIGURES_VIEW in request.permissions,
        "pools": [
            PoolView(
                pool,
                names[pool.pk],
                _access_until(account, pool),
                entries_url(account, pool.licence_type.key),
                links_of(request, account, *_deeds_of(pool), pool_id=pool.pk),
            )
            for pool in pools
        ],
        "requests": [
            (each, answers_of(request, each, get_agreement(account, at=timezone.now())))
            for each in list_open_requests(account)
        ],
        "quotations": [
            (each, links_of(request, account, "withdraw_quotation", quotation_id=each.pk))
            for each in list_quotations(account)
            if each.state == QuotationState.SENT
        ],
        "history": name_history(account, entries),
    }


def _access_until(account: Account, pool: Pool) -> date | None:
    until = access_ends_on(account, pool.terms, pool.expires_on)
    return until if until != pool.expires_on else None


def _deeds_of(pool: Pool) -> tuple[str, ...]:
    limited = ("change_total",) if pool.total_licences is not None else ()
    return (*limited, "change_expiry", "change_terms")


def _agreed(request: ConsoleRequest, account: Account, now: datetime) -> dict[str, object]:
    agreement = get_agreement(account, at=now)
    if agreement is None:
        return {"agreement": None}
    names = ["send_quotation", "change_plan", "end_subscription"]
    if agreement.trial_ends_on or agreement.paid_from is None:
        names.insert(0, "extend_trial")
    return {
        "agreement": agreement,
        "agreement_deeds": links_of(request, account, *names),
        "prices": [
            (licence, links_of(request, account, "agree_price", item_id=licence.item.pk))
            for licence in agreement.licences
            if licence.tariff
        ],
    }


def _money(request: ConsoleRequest, account: Account, now: datetime) -> dict[str, object]:
    billing = AccountBilling.objects.filter(account=account).first()
    today = today_of(account, now)
    waits = billing is not None and billing.parked_at is not None
    return {
        "billing": billing,
        "due_on": billing.next_on if billing else None,
        "standing": get_standing(account, on=today),
        "transactions": [(entry, words_of(entry)) for entry in list_transactions(account, limit=NEWEST)],
        "methods": list_methods(account),
        "credits": [
            (payment, links_of(request, account, "give_back_payment", payment_id=payment.pk))
            for payment in list_payments_with_credit(account)
        ],
        "money_deeds": links_of(request, account, "book_payment", "credit_account", "change_billing_terms"),
        "waiting_deeds": links_of(request, account, "release_billing", "discard_draft") if waits else (),
    }


def _who_pays(request: ConsoleRequest, account: Account, now: datetime) -> dict[str, object]:
    """Return who is billed for a provider's customers, and how that is changed."""
    if not account.is_provider:
        return {}
    who_pays = find_who_pays(account, on=today_of(account, now))
    goes_on = who_pays.until is None if who_pays.is_one else who_pays.begins_on and not who_pays.begins_until
    deed = "end_one_bill" if goes_on else "agree_one_bill"
    return {"who_pays": who_pays, "who_pays_deeds": links_of(request, account, deed)}


def _closing(request: ConsoleRequest, account: Account, now: datetime) -> dict[str, object]:
    shown = closure_of(account, now)
    return {**shown, "closure_deeds": links_of(request, account, *deeds_of_closure(shown["closure"]))}


def words_of(entry: BalanceEntry) -> str:
    """Return what moved the balance: `Invoice INV-7`, `Payment`."""
    reference = reference_of(entry.document) if entry.document else ""
    return f"{EntryKind(entry.kind).label} {reference}".strip()


def reference_of(document: Document) -> str:
    return document.issue.reference
