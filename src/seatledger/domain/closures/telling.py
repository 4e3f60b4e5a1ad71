"""Who is told what about the end of an account. The messages are written in the transaction that causes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.dates import ERASED_WITHIN
from seatledger.domain.closures.models import Closure, ClosureContact
from seatledger.domain.notifications.actions import store
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.notifications.telling import Told
from seatledger.domain.people.models import User
from seatledger.engine.days import day_of


def tell_of_request(closure: Closure, account: Account, *, at: datetime) -> None:
    """Mail the vendor, and confirm to whoever asked."""
    about = _days(closure, account)
    told = [
        Told(
            MessageKind.CLOSURE_REQUESTED,
            settings.SEATLEDGER_VENDOR_EMAIL,
            about=about | {"user_id": str(closure.requested_by_id or "")},
        )
    ]
    requester = User.objects.filter(account=account, pk=closure.requested_by_id or account.pk).first()
    if requester is not None:
        told.append(Told(MessageKind.CLOSURE_CONFIRMED, requester.email, requester, about))
    store(told, account_id=account.pk, cause=f"closure:{closure.pk}:requested", at=at)


def tell_contacts(
    closure: Closure, account: Account, contacts: list[ClosureContact], kind: MessageKind, *, at: datetime
) -> None:
    """Tell everybody concerned, whether his user still exists or not. Once for each date that was set."""
    about = _days(closure, account)
    cause = f"closure:{closure.pk}:{kind.removeprefix('closure_')}:{about['closes_on']}"
    told = [Told(kind, contact.email, about=about) for contact in contacts]
    store(told, account_id=account.pk, cause=cause, at=at)


def _days(closure: Closure, account: Account) -> dict[str, str]:
    zone = ZoneInfo(account.time_zone)
    return {
        "closes_on": day_of(closure.takes_effect_at, zone).isoformat(),
        "erased_by": day_of(closure.takes_effect_at + ERASED_WITHIN, zone).isoformat(),
    }
