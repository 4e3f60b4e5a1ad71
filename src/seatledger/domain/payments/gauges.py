"""What this room measures about itself; see `shared.gauges`."""

from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.shared.gauges import Gauge, Reading, measure, one


def register() -> None:
    measure(
        Gauge("seatledger_payments_unknown", "Payments whose outcome nobody knows yet.", count_unknown),
    )


def count_unknown() -> list[Reading]:
    return one(Payment.objects.filter(state=PaymentState.UNKNOWN).count())
