"""Once an account is closed, nobody and nothing is added to it: at whatever door, and whoever asks."""

import pytest
from django.utils import timezone

from charging import given_vendor
from invoicing import given_invoice, open_of
from leaving import close
from seatledger.domain.accounts.actions import AccountIsClosed
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.closures.actions import try_again
from seatledger.domain.closures.models import Certificate, Closure, ClosureState
from seatledger.domain.closures.queries import get_closure
from seatledger.domain.closures.refusals import NothingIsDue
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import NewPool, NewUser, add_user, change_total, open_pools
from seatledger.domain.licences.models import Pool
from seatledger.domain.staff.actions import Intent, approve_deed, begin_view, do_deed
from seatledger.domain.staff.models import DeedState
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.faces.cli.demo.endings import LEAVING, tell_of_endings
from seatledger.faces.cli.demo.organisations import HALDEN
from selling import business
from staffing import given_member
from support import NEXT_DAY, NEXT_MONTH, STAFF, given_account, given_licence_type, given_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> Account:
    account = given_account()
    close(account)
    return account


def test_nobody_and_nothing_is_added_at_any_door(closed):
    kind, new = given_licence_type(), NewUser("Eve", "Moss", "eve@moss.example")
    month = NewSubscription(version=business(), interval=PriceInterval.MONTH)
    for at_a_door in (
        lambda: add_user(account=closed, new=new, at=NEXT_MONTH, by=STAFF),
        lambda: open_pools(account=closed, pools=[NewPool(kind, 5)], at=NEXT_MONTH, by=STAFF),
        lambda: start_subscription(account=closed, new=month, at=NEXT_MONTH, by=STAFF),
    ):
        with pytest.raises(AccountIsClosed, match="This account is closed"):
            at_a_door()
    assert not Pool.objects.filter(account=closed, expires_on__isnull=True, terms="paid").exists()


def test_a_pool_of_a_closed_account_is_not_changed():
    pool = given_pool()
    close(pool.account)
    with pytest.raises(AccountIsClosed):
        change_total(pool=pool, total=20, at=NEXT_MONTH, by=STAFF)


def test_staff_do_nothing_to_it_but_put_its_books_right():
    given_vendor()
    account, ada, bram = given_account(), given_member(), given_member("Bram Olsen")
    invoice = given_invoice(account, [10_000])
    arguments = {"amount_minor": 200_000, "text": "An outage"}
    asked = do_deed(
        account=account,
        intent=Intent("credit_account", arguments, "Agreed"),
        at=NEXT_DAY,
        by=Actor.admin_team(ada.pk),
    )
    assert asked.state == DeedState.WAITING
    close(account)
    by = Actor.admin_team(bram.pk)
    for too_late in (
        lambda: approve_deed(deed_id=asked.pk, at=NEXT_MONTH, by=by),
        lambda: do_deed(
            account=account, intent=Intent("credit_account", arguments, "Agreed"), at=NEXT_MONTH, by=by
        ),
        lambda: begin_view(account=account, at=NEXT_MONTH, by=by),
    ):
        with pytest.raises(AccountIsClosed):
            too_late()
    given_up = Intent("write_off", {"document_id": str(invoice.pk)}, "They are gone")
    assert do_deed(account=account, intent=given_up, at=NEXT_MONTH, by=by).state == DeedState.DONE
    assert open_of(invoice) == 0


def test_what_is_not_due_is_not_tried_again(closed):
    closure = get_closure(closed)
    assert closure.closed_at is not None
    with pytest.raises(NothingIsDue, match="when its time has come"):
        try_again(closure=closure, at=closure.closed_at, by=STAFF)


def test_the_demo_shows_one_that_asked_one_that_is_closed_and_one_that_is_erased():
    given_vendor()
    given_licence_type("on-demand")
    halden = given_account(HALDEN.name)
    tell_of_endings(now=timezone.now())
    assert set(Closure.objects.values_list("state", flat=True)) == {
        ClosureState.REQUESTED,
        ClosureState.CLOSED,
        ClosureState.ERASED,
    }
    assert get_closure(halden).state == ClosureState.REQUESTED
    assert Certificate.objects.get().account.name == "Closed account"
    assert Account.objects.filter(name__in=[one.name for one in LEAVING]).count() == 1
