"""Three organisations of the demo that leave: one has asked to, one is closed, and one is erased, with its certificate."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.queries import get_licence_type_for_operator
from seatledger.domain.closures.actions import acknowledge, request_closure
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import NewAccount, NewPool, NewUser, open_account
from seatledger.domain.licences.models import Terms
from seatledger.domain.people.models import User
from seatledger.faces.cli.demo.names import address_of
from seatledger.faces.cli.demo.organisations import HALDEN

_SYSTEM, _STAFF = Actor.system(), Actor.admin_team()


@dataclass(frozen=True)
class Leaving:
    """An organisation that was closed so many days before now, and erased (or not yet) so many days later."""

    name: str
    administrator: tuple[str, str]
    domain: str
    closed_days_ago: int
    erased_days_later: int | None


LEAVING = (
    Leaving("Sextant Cartography", ("Isolde", "Marchetti"), "sextant.example", 0, None),
    # Mails that could not be sent are no longer waited for by then.
    Leaving("Lantern Quay Books", ("Peregrine", "Vale"), "lanternquay.example", 40, 26),
)


@transaction.atomic
def tell_of_endings(*, now: datetime) -> None:
    """Let Halden & Okafor ask for its deletion, and tell of those that have left; where they are, and nowhere else."""
    halden = Account.objects.filter(name=HALDEN.name).first()
    if halden is None:
        return
    _ask(halden, at=now - timedelta(hours=26))
    for leaving in LEAVING:
        _leave(leaving, now=now)


def _ask(account: Account, *, at: datetime) -> Closure:
    who = User.objects.filter(account=account).earliest("added_at", "email")
    return request_closure(account=account, at=at, by=Actor.user(who.pk))


def _paid_until(last_day: date) -> NewPool:
    return NewPool(get_licence_type_for_operator("on-demand"), 5, Terms.PAID, last_day)


def _leave(leaving: Leaving, *, now: datetime) -> None:
    zone = ZoneInfo("Europe/London")
    closes_on = now.astimezone(zone).date() - timedelta(days=leaving.closed_days_ago)
    closes_at = datetime(closes_on.year, closes_on.month, closes_on.day, tzinfo=zone)
    account, _ = open_account(
        new=NewAccount(
            name=leaving.name, region=settings.SEATLEDGER_REGION, currency="GBP", time_zone=zone.key
        ),
        administrator=NewUser(
            *leaving.administrator, address_of(*leaving.administrator, leaving.domain), invite=False
        ),
        pools=[_paid_until(closes_on - timedelta(days=1))],
        at=closes_at - timedelta(days=90),
        by=_STAFF,
    )
    asked = _ask(account, at=closes_at - timedelta(days=9, hours=14))
    acknowledge(closure=asked, reference="Ticket 4471", at=asked.requested_at + timedelta(hours=2), by=_STAFF)
    for at in (closes_at - timedelta(days=7), closes_at):
        asked = go_on(asked, at=at, by=_SYSTEM)
    if leaving.erased_days_later is not None:
        go_on(asked, at=closes_at + timedelta(days=leaving.erased_days_later), by=_SYSTEM)
