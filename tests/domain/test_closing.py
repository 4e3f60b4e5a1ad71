"""The end of an account: asked for, decided, carried out, erased."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from buying import CARD
from charging import given_vendor, noon
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import (
    acknowledge,
    bring_forward,
    check_confirmation,
    request_closure,
    withdraw,
)
from seatledger.domain.closures.certificates import check_certificate
from seatledger.domain.closures.erasure import erase
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure, ClosureState, StepKind
from seatledger.domain.closures.queries import find_closure, list_due_for_operator, list_steps
from seatledger.domain.closures.refusals import (
    BadCertificate,
    ClosureIsPending,
    NameNotTyped,
    NotSooner,
    PasswordWrong,
    TooLate,
)
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Document
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Assignment, Pool
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.payments.actions import add_method
from seatledger.domain.payments.models import Payment, PaymentMethod, PaymentState
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.subscriptions.queries import get_agreement
from selling import given_subscription
from support import (
    AT,
    LATER,
    STAFF,
    SYSTEM,
    actor_of,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"  # noqa: S105 -- of nobody
# The subscription of the setup runs by the month from 2 March, in London.
PERIOD_ENDS = datetime(2026, 4, 1, 23, 0, tzinfo=UTC)  # midnight of 2 April, summer time


def given_customer(name: str = "Northwind") -> Account:
    """Return an account with a subscription, a card, a second user with a licence, and a device."""
    given_vendor()
    account = given_account(name)
    given_subscription(account)
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    assign_licence(pool=pool, user=given_user(account), at=AT, by=STAFF)
    given_device(given_pool(account, given_device_type()))
    add_method(account=account, new=CARD, at=AT, by=STAFF)
    bill_account(account=account, at=AT, by=SYSTEM)
    return account


def given_closure(account: Account | None = None) -> Closure:
    account = account or given_customer()
    return request_closure(account=account, at=LATER, by=actor_of(administrator_of(account)))


def taken(closure: Closure) -> list[str]:
    return [step.kind for step in list_steps(closure.account, closure)]


def told(account: Account, *kinds: MessageKind) -> list[str]:
    """Return to whom messages of these kinds were written, without what follows the @, sorted."""
    written = Message.objects.filter(account=account, kind__in=kinds).values_list("recipient", flat=True)
    return sorted(address.partition("@")[0] for address in written)


# B3, B4, B9
def test_a_request_deletes_nothing_and_lets_nothing_renew():
    account = given_customer()
    closure = given_closure(account)
    assert closure.takes_effect_at == PERIOD_ENDS
    assert closure.state == ClosureState.REQUESTED
    assert User.objects.filter(account=account, is_active=True).count() == 2
    agreement = get_agreement(account, at=LATER)
    assert agreement is not None
    assert agreement.ends_on == PERIOD_ENDS.date()
    assert agreement.renews_on is None


# B14
def test_a_second_request_is_refused():
    closure = given_closure()
    with pytest.raises(ClosureIsPending):
        given_closure(closure.account)


def test_the_requester_types_the_name_and_the_password():
    user = administrator_of(given_account())
    user.set_password(PASSWORD)
    with pytest.raises(NameNotTyped, match="Northwind"):
        check_confirmation(user=user, typed_name="Southwind", password=PASSWORD)
    with pytest.raises(PasswordWrong):
        check_confirmation(user=user, typed_name="Northwind", password=PASSWORD[1:])
    check_confirmation(user=user, typed_name=" Northwind ", password=PASSWORD)


# B13
def test_a_withdrawn_request_leaves_everything_as_it_was():
    account = given_customer()
    before = get_agreement(account, at=LATER)
    closure = given_closure(account)
    acknowledge(closure=closure, reference="T-1", at=LATER, by=STAFF)
    withdraw(closure=closure, reason="The customer called", reference="T-1", at=LATER, by=STAFF)
    assert get_agreement(account, at=LATER) == before
    assert find_closure(account) is None
    assert taken(closure) == ["requested", "acknowledged", "scheduled", "withdrawn"]
    assert given_closure(account).state == ClosureState.REQUESTED


# B12
def test_staff_bring_the_date_forward():
    closure = given_closure()
    sooner = bring_forward(closure=closure, to=noon("2026-03-20").date(), reason="Asked", at=LATER, by=STAFF)
    assert sooner == datetime(2026, 3, 20, tzinfo=UTC)
    agreement = get_agreement(closure.account, at=LATER)
    assert agreement is not None
    assert agreement.ends_on == noon("2026-03-19").date()
    with pytest.raises(NotSooner, match="20 March"):
        bring_forward(closure=closure, to=noon("2026-03-21").date(), reason="Asked", at=LATER, by=STAFF)
    with pytest.raises(NotSooner, match="tomorrow"):
        bring_forward(closure=closure, to=LATER.date(), reason="Asked", at=LATER, by=STAFF)


def test_a_request_that_nobody_looks_at_goes_on_by_itself():
    closure = given_closure()
    assert list_due_for_operator(LATER + timedelta(days=2)) == []
    closure = go_on(closure, at=LATER + timedelta(days=3), by=SYSTEM)
    assert closure.state == ClosureState.SCHEDULED
    assert go_on(closure, at=PERIOD_ENDS - timedelta(days=7), by=SYSTEM).state == ClosureState.NOTIFIED


# B9, B13, B14
def test_nothing_is_done_before_its_time_whoever_asks():
    closure = given_closure()
    assert go_on(closure, at=LATER + timedelta(days=2), by=SYSTEM).state == ClosureState.REQUESTED
    closure = go_on(closure, at=LATER + timedelta(days=3), by=SYSTEM)
    assert go_on(closure, at=LATER + timedelta(days=3), by=SYSTEM).state == ClosureState.SCHEDULED
    closure = go_on(closure, at=PERIOD_ENDS - timedelta(days=7), by=SYSTEM)
    closed = close(closure)
    assert closed.erase_at is not None
    assert go_on(closed, at=closed.erase_at - timedelta(seconds=1), by=SYSTEM).state == ClosureState.CLOSED
    assert User.objects.filter(account=closure.account).exists()


# B4, B10
def test_everybody_concerned_is_told_at_each_turn_and_once():
    account = given_customer()
    given_user(account, "Cara Bill", roles=[Role.objects.get(account=account, built_in=BuiltInRole.BILLING)])
    closure = given_closure(account)
    assert told(account, MessageKind.CLOSURE_CONFIRMED) == ["ann.lee"]
    assert told(account, MessageKind.CLOSURE_REQUESTED) == [
        settings.SEATLEDGER_VENDOR_EMAIL.partition("@")[0]
    ]
    for _ in range(2):
        closure = go_on(closure, at=PERIOD_ENDS - timedelta(days=7), by=SYSTEM)
    assert told(account, MessageKind.CLOSURE_ANNOUNCED) == ["ann.lee", "cara.bill"]
    closure = close(closure)
    go_on(closure, at=PERIOD_ENDS, by=SYSTEM)
    assert told(account, MessageKind.CLOSURE_DONE) == ["ann.lee", "cara.bill"]


def close(closure: Closure) -> Closure:
    """Carry the closing out, whose last charge is declined at once."""
    held_up = go_on(closure, at=PERIOD_ENDS, by=SYSTEM)
    assert (held_up.state, bool(held_up.held_up_by)) == (ClosureState.CLOSING, True)
    under_way = Payment.objects.filter(account=closure.account, is_live=True)
    assert under_way.update(state=PaymentState.FAILED, ended_at=PERIOD_ENDS) == 1
    return go_on(held_up, at=PERIOD_ENDS, by=SYSTEM)


# B5, B6, B7, B15
def test_the_closing_takes_everything_away_in_its_order():
    account = given_customer()
    closure = close(given_closure(account))
    assert closure.state == ClosureState.CLOSED
    assert taken(closure)[4:] == [
        "begun",
        "agreement_ended",
        "billed",
        "collected",
        "methods_removed",
        "entitlements_ended",
        "people_removed",
        "closed",
    ]
    assert not User.objects.filter(account=account, deleted_at__isnull=True).exists()
    assert not Assignment.objects.filter(account=account, released_at__isnull=True).exists()
    assert not PaymentMethod.objects.filter(account=account, removed_at__isnull=True).exists()
    assert all(pool.expires_on <= PERIOD_ENDS.date() for pool in Pool.objects.filter(account=account))
    assert refreshed(account).closed_at == PERIOD_ENDS
    assert closure.erase_by == PERIOD_ENDS + timedelta(days=30)


def test_what_has_begun_is_not_withdrawn():
    closure = close(given_closure())
    with pytest.raises(TooLate, match="has begun"):
        withdraw(closure=closure, reason="Too late", at=PERIOD_ENDS, by=STAFF)


def test_the_last_administrator_goes_in_a_closing_alone():
    account = given_account()
    User.objects.filter(account=account).update(is_active=False, deleted_at=LATER)
    with pytest.raises(IntegrityError, match="administrator"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    User.objects.filter(account=account).update(is_active=True, deleted_at=None)


# B11
def test_the_erasure_leaves_nothing_but_what_a_duty_keeps():
    account = given_customer()
    closure = close(given_closure(account))
    next_day = PERIOD_ENDS + timedelta(days=1)
    assert erase(closure, at=next_day, by=SYSTEM) is None, "there are mails to send about the closing"
    Message.objects.filter(account=account).update(sent_at=next_day)
    certificate = erase(closure, at=next_day, by=SYSTEM)
    assert certificate is not None
    assert refreshed(account).name == "Closed account"
    assert Document.objects.filter(account=account).exists()
    assert not User.objects.filter(account=account).exists()
    checked = check_certificate(certificate.content.encode())
    assert checked.statement["account"] == account.serial_number
    changed = json.loads(certificate.content)
    changed["statement"]["account"] = "EU-0000"
    with pytest.raises(BadCertificate, match="changed"):
        check_certificate(json.dumps(changed).encode())
    assert erase(closure, at=PERIOD_ENDS + timedelta(days=2), by=SYSTEM) == certificate
    assert taken(refreshed(closure))[-1] == StepKind.ERASED
