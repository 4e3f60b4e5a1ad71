"""What this room measures about itself; see `shared.gauges`."""

from seatledger.domain.notifications.models import Message
from seatledger.shared.gauges import Gauge, Reading, measure, one


def register() -> None:
    measure(Gauge("seatledger_messages_waiting", "E-mails that are still to be sent.", count_waiting))


def count_waiting() -> list[Reading]:
    return one(Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True).count())
