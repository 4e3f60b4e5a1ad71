"""What this room measures about itself; see `shared.gauges`."""

from seatledger.domain.invoices.models import AccountBilling, BillingRun
from seatledger.shared.gauges import Gauge, Reading, measure, one


def register() -> None:
    measure(
        Gauge(
            "seatledger_billing_last_success_timestamp_seconds",
            "When a run over the accounts that are due last came to its end.",
            read_last_success,
        ),
        Gauge("seatledger_billing_parked_accounts", "Accounts that wait for a person.", count_parked),
    )


def read_last_success() -> list[Reading]:
    newest = BillingRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    return one(newest.finished_at.timestamp() if newest and newest.finished_at else None)


def count_parked() -> list[Reading]:
    return one(AccountBilling.objects.filter(parked_at__isnull=False).count())
