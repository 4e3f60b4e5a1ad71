"""Changes to how an account pays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, queue_job, record
from seatledger.domain.events.models import ActorKind
from seatledger.domain.payments.actions.asking import retry_dunned
from seatledger.domain.payments.models import LIVE, MethodKind, Payment, PaymentMethod
from seatledger.domain.payments.queries.methods import get_default_method, get_method
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_text

# Who may let an account pay later: everyone else would give himself credit.
_MAY_AGREE_A_TRANSFER: Final = {ActorKind.STAFF, ActorKind.SYSTEM}


@dataclass(frozen=True)
class PaymentMethodAdded(Happening):
    method_id: UUID
    method_kind: str


@dataclass(frozen=True)
class PaymentMethodChosen(Happening):
    method_id: UUID


@dataclass(frozen=True)
class PaymentMethodRemoved(Happening):
    method_id: UUID


class TransferNotAgreed(Refused):
    """Paying by bank transfer is agreed with the vendor."""

    code = "transfer_not_agreed"


class UnfitCard(Refused):
    """What is known of the card does not make sense."""

    code = "unfit_card"


class DefaultMethodNeeded(Refused):
    """The account pays by this method, and another would have to take its place first."""

    code = "default_method_needed"


class MethodInUse(Refused):
    """Something is paid by this method, or about to be."""

    code = "method_in_use"


@dataclass(frozen=True)
class NewMethod:
    """What a gateway tells of a method. Of a transfer there is nothing to tell."""

    kind: MethodKind
    gateway: str = ""
    token: str = ""
    brand: str = ""
    last_four: str = ""
    expires: tuple[int, int] | None = None  # year and month


@transaction.atomic
def add_method(*, account: Account, new: NewMethod, at: datetime, by: Actor) -> PaymentMethod:
    """Let the account pay by a further method; the first one is the default. A transfer there is already is kept.

    Raises TransferNotAgreed unless the vendor's staff agrees to a transfer, UnfitCard and UnfitText.
    """
    if new.kind == MethodKind.TRANSFER and by.kind not in _MAY_AGREE_A_TRANSFER:
        raise TransferNotAgreed(
            "Paying by bank transfer is agreed with the vendor's sales team. Write to it."
        )
    year, month = _check_card(new)
    brand = clean_text(new.brand, 32, what="The card's brand")
    account = lock_account(account)
    held = PaymentMethod.objects.filter(account=account, removed_at__isnull=True)
    if new.kind == MethodKind.TRANSFER and (agreed := held.filter(kind=MethodKind.TRANSFER).first()):
        return agreed
    method = PaymentMethod.objects.create(
        account=account,
        kind=new.kind,
        gateway=new.gateway,
        token=new.token,
        brand=brand,
        last_four=new.last_four,
        expires_month=month,
        expires_year=year,
        is_default=not held.filter(is_default=True).exists(),
        added_at=at,
    )
    record(PaymentMethodAdded(method_id=method.pk, method_kind=method.kind), account=account, at=at, by=by)
    return method


@transaction.atomic
def choose_default(*, account: Account, method_id: UUID, at: datetime, by: Actor) -> bool:
    """Have the account pay by this method from now on, and at once what it is being asked for by dunning.

    Returns False when it does already. Raises NotFound.
    """
    account = lock_account(account)
    method = get_method(account, method_id)
    if method.is_default:
        return False
    PaymentMethod.objects.filter(account=account, is_default=True).update(is_default=False)
    method.is_default = True
    method.save(update_fields=["is_default"])
    record(PaymentMethodChosen(method_id=method.pk), account=account, at=at, by=by)
    retry_dunned(account=account, at=at, by=by)
    return True


@transaction.atomic
def remove_method(*, account: Account, method_id: UUID, at: datetime, by: Actor) -> None:
    """Forget a method; the row stays for the payments that were made by it, without what the gateway calls it.

    The gateway is told to forget it too. Raises NotFound, DefaultMethodNeeded for the default one while there are
    others, and MethodInUse while a payment by it is under way, or a subscription that was bought here is paid by it.
    """
    account = lock_account(account)
    method = get_method(account, method_id)
    if Payment.objects.filter(method=method, state__in=LIVE).exists():
        raise MethodInUse("A payment by it is under way. Remove it once that is through.")
    others = PaymentMethod.objects.filter(account=account, removed_at__isnull=True).exclude(pk=method.pk)
    if method == get_default_method(account) and others.exists():
        raise DefaultMethodNeeded("You pay by this method. Choose another one as your default first.")
    if not others.exists() and _is_paid_online(account, at):
        raise MethodInUse("Your subscription is paid by it. Add another payment method first.")
    _forget(method, at=at, by=by)


@transaction.atomic
def remove_all_methods(*, account: Account, at: datetime, by: Actor) -> int:
    """Forget every method, the default one as well: the account ends. Returns how many there were."""
    account = lock_account(account)
    held = list(PaymentMethod.objects.filter(account=account, removed_at__isnull=True))
    for method in held:
        _forget(method, at=at, by=by)
    return len(held)


def _forget(method: PaymentMethod, *, at: datetime, by: Actor) -> None:
    if method.token:
        queue_job("detach_method", queue="payments", gateway=method.gateway, token=method.token)
    method.is_default, method.removed_at, method.token = False, at, ""
    method.save(update_fields=["is_default", "removed_at", "token"])
    record(PaymentMethodRemoved(method_id=method.pk), account=method.account, at=at, by=by)


def _is_paid_online(account: Account, at: datetime) -> bool:
    agreement = get_agreement(account, at=at)
    if agreement is None or agreement.is_over or agreement.paid_from is None:
        return False
    return agreement.sold_by == SoldBy.ONLINE


def _check_card(new: NewMethod) -> tuple[int | None, int | None]:
    """Return year and month of expiry, or neither. Raises UnfitCard for a card without digits or date."""
    if new.kind != MethodKind.CARD:
        return None, None
    digits_known = len(new.last_four) == len("4242") and new.last_four.isascii() and new.last_four.isdigit()
    year, month = new.expires or (0, 0)
    if not digits_known or not 2000 <= year <= 2199 or not 1 <= month <= 12:
        raise UnfitCard("Of a card its last four digits and its expiry date must be known.")
    return year, month
