"""Questions about orders that wait for their payment, and about what of a purchase is to be paid."""

from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.queries import credit_balance, list_open_invoices
from seatledger.domain.payments.applying import list_unapplied
from seatledger.domain.payments.models import Order, OrderState, Payment
from seatledger.domain.payments.quotes import Quote
from seatledger.shared.errors import NotFound


def get_order(account: Account, order_id: UUID) -> Order:
    """Return the account's order. Raises NotFound for another account's, as for none."""
    try:
        return Order.objects.select_related("account").get(account=account, pk=order_id)
    except Order.DoesNotExist:
        raise NotFound("order") from None


def get_waiting_order(account: Account) -> Order | None:
    """Return the order that waits for its payment, if there is one; there is one at most."""
    return Order.objects.filter(account=account, state=OrderState.WAITING).first()


def get_payment_of_order(account: Account, order: Order) -> Payment | None:
    """Return the newest payment of an order."""
    made = Payment.objects.filter(account=account, order=order).select_related("method")
    return made.order_by("-intended_at").first()


def credit_to_use(account: Account) -> int:
    """Return what the account has in hand for a purchase, in minor units.

    That is what is unused of credit notes, and of payments what no invoice took, beyond what open invoices will take.
    """
    unapplied = sum(payment.unapplied_minor for payment in list_unapplied(account))
    still_open = sum(issue.open_minor for issue in list_open_invoices(account))
    return credit_balance(account) + max(0, unapplied - still_open)


def to_pay_minor(account: Account, quote: Quote) -> int:
    """Return what of a quote is to be paid once the account's credit is used; nothing when it is a credit itself."""
    return max(0, quote.due_total_minor - credit_to_use(account))
