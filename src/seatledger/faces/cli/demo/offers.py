"""What a customer of the demo asks for, and what it is offered in writing."""

from datetime import datetime, timedelta
from typing import Final

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import request_licences
from seatledger.domain.licences.queries import get_pool_by_key, today_of
from seatledger.domain.payments.actions.quotations import NewQuotation, OfferedLine, send_quotation
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.models import SubscriptionItem

_VALID_FOR: Final = timedelta(days=30)


def ask_and_offer(account: Account, administrator: User, *, now: datetime) -> None:
    """Have an account ask twice: the first request is answered with a quotation, the second one waits."""
    by = Actor.user(administrator.pk)
    computers = get_pool_by_key(account, "managed-agent")
    request = request_licences(
        account=account,
        licence_type=computers.licence_type,
        number=10,
        note="Ten computers for the gate at terminal 5. Can you do something about the price?",
        at=now,
        by=by,
    )
    item = SubscriptionItem.objects.get(account=account, pool=computers)
    new = NewQuotation(
        lines=[OfferedLine(item.pk, 10)],
        valid_until=today_of(account, now) + _VALID_FOR,
        note="The tiers already bring the price down: these ten are in the second one.",
        request=request,
    )
    send_quotation(account=account, new=new, at=now, by=Actor.admin_team())
    request_licences(
        account=account,
        licence_type=get_pool_by_key(account, "on-demand").licence_type,
        number=2,
        note="For the peak season.",
        at=now,
        by=by,
    )
