"""The steps of dunning: try again, remind, and in the end let the account lapse until it pays."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account, mark_lapsed
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions.charges import NewPayment, PaymentUnderWay, intend_charge
from seatledger.domain.payments.actions.dunning import begin_or_step, end_what_is_paid, step_on
from seatledger.domain.payments.happenings import AccountLapsed, CardExpiring
from seatledger.domain.payments.models import Dunning, MethodKind, Payment, PaymentMethod
from seatledger.domain.payments.queries.dunning import is_overdue
from seatledger.domain.payments.queries.methods import get_chargeable_method
from seatledger.domain.payments.schedule import count_steps
from seatledger.engine.days import day_of
from seatledger.engine.periods import add_months

# So many days before a card's last day its owner is told, each once.
EXPIRY_IS_TOLD_DAYS = (30, 7)


@transaction.atomic
def step_dunning(*, dunning: Dunning, at: datetime, by: Actor) -> None:
    """Do what is due of a dunning: end it, charge again, remind, or let the account lapse. Nothing before its time."""
    account = lock_account(dunning.account)
    end_what_is_paid(account=account, at=at, by=by)
    dunning = Dunning.objects.select_related("invoice__account").get(pk=dunning.pk)
    if dunning.ended_at or dunning.next_at is None or dunning.next_at > at:
        return
    if Payment.objects.filter(document=dunning.invoice, is_live=True).exists():
        return  # its answer decides
    if dunning.steps_done >= count_steps():
        _lapse(account, dunning, at, by)
    elif get_chargeable_method(account) is None:
        step_on(dunning=dunning, at=at, by=by)
    else:
        intend_charge(account=account, new=NewPayment(document=dunning.invoice), at=at, by=by)
        end_what_is_paid(account=account, at=at, by=by)  # credit may have been enough


@transaction.atomic
def begin_overdue(*, invoice: Document, at: datetime, by: Actor) -> Dunning | None:
    """Begin to ask for an invoice that is paid by transfer and was not, by its due date; None before that."""
    account = lock_account(invoice.account)
    if not is_overdue(account, invoice, today=day_of(at, ZoneInfo(account.time_zone))):
        return None
    return begin_or_step(invoice=invoice, step=False, at=at, by=by)


@transaction.atomic
def retry_dunned(*, account: Account, at: datetime, by: Actor) -> list[Payment]:
    """Charge what the account is being asked for by its new default method, at once; the schedule stays as it is."""
    account = lock_account(account)
    if get_chargeable_method(account) is None:
        return []
    tried = []
    for dunning in Dunning.objects.filter(account=account, ended_at__isnull=True).select_related("invoice"):
        try:
            payment = intend_charge(account=account, new=NewPayment(document=dunning.invoice), at=at, by=by)
        except PaymentUnderWay:
            continue
        tried += [payment] if payment else []
    end_what_is_paid(account=account, at=at, by=by)
    return tried


@transaction.atomic
def tell_expiring(*, method: PaymentMethod, at: datetime, by: Actor) -> bool:
    """Tell that a card is good for no more than 30 or 7 days, once each; False when there is nothing to tell."""
    account = lock_account(method.account)
    method = PaymentMethod.objects.get(pk=method.pk)
    if method.removed_at or not method.is_default or method.kind != MethodKind.CARD:
        return False
    days_left = (_last_day_of(method) - day_of(at, ZoneInfo(account.time_zone))).days
    notices = [days for days in EXPIRY_IS_TOLD_DAYS if 0 <= days_left <= days]
    notice = min(notices, default=None)
    if notice is None or (method.expiry_told_days is not None and method.expiry_told_days <= notice):
        return False
    method.expiry_told_days = notice
    method.save(update_fields=["expiry_told_days"])
    record(CardExpiring(method.pk, days_left), account=account, at=at, by=by)
    return True


def _last_day_of(method: PaymentMethod) -> date:
    assert method.expires_year is not None
    assert method.expires_month is not None
    first = date(method.expires_year, method.expires_month, 1)
    return date.fromordinal(add_months(first, 1).toordinal() - 1)


def _lapse(account: Account, dunning: Dunning, at: datetime, by: Actor) -> None:
    """Let the account be Expired: the last attempt failed, and the days of grace are over."""
    dunning.lapsed_at, dunning.next_at = at, None
    dunning.save(update_fields=["lapsed_at", "next_at"])
    mark_lapsed(account=account, at=at, by=by)
    record(AccountLapsed(dunning.invoice_id), account=account, at=at, by=by)
