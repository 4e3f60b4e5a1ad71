"""What may not move while something of it is under way."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.queries import find_closure
from seatledger.domain.moves.refusals import CannotMove
from seatledger.domain.notifications.models import Message, WebhookDelivery
from seatledger.domain.payments.models import (
    LIVE,
    Dispute,
    DisputeState,
    Order,
    OrderState,
    Payment,
    Refund,
    RefundState,
    Setup,
    SetupState,
)
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.shared.quiet import is_quiet

_REFUNDS_UNDER_WAY = (RefundState.INTENDED, RefundState.SENT, RefundState.PENDING, RefundState.UNKNOWN)
_JOBS = """
SELECT count(*) FROM procrastinate_jobs job
CROSS JOIN LATERAL (
  SELECT (job.args ->> 'event_id')::bigint AS id
  UNION ALL SELECT jsonb_array_elements_text(job.args -> 'event_ids')::bigint
) told JOIN events_event event ON event.id = told.id
WHERE job.status IN ('todo', 'doing') AND event.account_id = %(account)s
"""


def check_can_move(account: Account) -> None:
    """See that nothing of the account is under way. Raises CannotMove with everything that is."""
    if found := list(_find_hindrances(account)):
        raise CannotMove(" ".join(found))


def _find_hindrances(account: Account) -> Iterator[str]:
    if is_quiet():
        yield "This installation is quiet, and perhaps a copy: the original may have the account at work."
    if account.closed_at is not None:
        yield "It is closed."
    elif find_closure(account) is not None:
        yield "Its deletion was requested: withdraw that first, or let it be deleted."
    if account.provider_id is not None:
        yield "A provider looks after it, who would not see it in another region."
    if Account.objects.filter(provider=account).exists():
        yield "It has customers, who would not be seen from another region."
    yield from _find_money_under_way(account)
    if StaffDeed.objects.filter(about=account, state=DeedState.WAITING).exists():
        yield "Something that staff asked for waits for a second person: approve or decline it."
    if _is_being_sent(account):
        yield "Something about it is being sent just now: try again in a minute."


def _find_money_under_way(account: Account) -> Iterator[str]:
    if Payment.objects.filter(account=account, state__in=LIVE).exists():
        yield "A payment's outcome is not known yet: wait until it is."
    if Refund.objects.filter(account=account, state__in=_REFUNDS_UNDER_WAY).exists():
        yield "A refund is on its way: wait until it has arrived or failed."
    if Dispute.objects.filter(account=account, state=DisputeState.OPEN).exists():
        yield "A payment is disputed: wait until the bank has decided."
    if Order.objects.filter(account=account, state=OrderState.WAITING).exists():
        yield "An order waits for its payment."
    if Setup.objects.filter(account=account, state=SetupState.OPEN).exists():
        yield "A payment method is being added: wait an hour, after which nobody waits for it."


def _is_being_sent(account: Account) -> bool:
    in_hand = Message.objects.filter(account=account, claimed_at__isnull=False, sent_at__isnull=True)
    if in_hand.filter(given_up_at__isnull=True).exists():
        return True
    mine = WebhookDelivery.objects.filter(Q(account=account) | Q(event__account=account))
    to_the_vendor = mine.filter(endpoint__account__isnull=True, next_at__isnull=False)
    if mine.filter(claimed_at__isnull=False).exists() or to_the_vendor.exists():
        return True
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, {"account": account.pk})
        return bool(cursor.fetchone()[0])
