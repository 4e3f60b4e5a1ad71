"""Questions about how an account pays."""

from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.payments.gateways.registry import gateway_names
from seatledger.domain.payments.models import PaymentMethod
from seatledger.shared.errors import NotFound


def get_default_method(account: Account) -> PaymentMethod | None:
    """Return the method by which the account pays, or None."""
    return PaymentMethod.objects.filter(account=account, is_default=True, removed_at__isnull=True).first()


def get_chargeable_method(account: Account) -> PaymentMethod | None:
    """Return the method by which the account pays if a gateway of this installation can charge it, or None."""
    method = get_default_method(account)
    return method if method and method.gateway in gateway_names() else None


def list_methods(account: Account) -> list[PaymentMethod]:
    """Return the account's methods, the default one first, then the newest."""
    held = PaymentMethod.objects.filter(account=account, removed_at__isnull=True)
    return list(held.order_by("-is_default", "-added_at", "id"))


def get_method(account: Account, method_id: UUID) -> PaymentMethod:
    """Return the account's method. Raises NotFound for a removed one and for another account's, as for none."""
    try:
        return PaymentMethod.objects.get(account=account, pk=method_id, removed_at__isnull=True)
    except PaymentMethod.DoesNotExist:
        raise NotFound("payment method") from None
