"""The command line asks for a second person where the console does: one rule, above the same bounds."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commands import run_command as run
from invoicing import given_invoice, open_of
from seatledger.domain.closures.actions import request_closure
from seatledger.domain.closures.models import Closure
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.staff.actions import approve_deed, decline_deed, end_staff
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.domain.staff.permissions import StaffRole
from selling import given_subscription
from staffing import given_member
from support import SYSTEM, actor_of, administrator_of, given_account, given_pool, given_provider, refreshed

pytestmark = pytest.mark.django_db

ALONE = "this is above what one person does alone. Say which member of staff asks for it (--as EMAIL)"


@pytest.fixture(autouse=True)
def _bounds(settings):
    settings.SEATLEDGER_SECOND_PERSON = {"most_amount": 100, "most_licences": 10, "most_days": 14}


@pytest.fixture
def ada():
    return given_member("Ada Quist", StaffRole.BILLING)


@pytest.fixture
def bram():
    return given_member("Bram Olsen", StaffRole.BILLING)


def one_deed(name: str) -> StaffDeed:
    [deed] = StaffDeed.objects.filter(deed=name)
    return deed


def approve(deed: StaffDeed, by) -> None:
    approve_deed(deed_id=deed.pk, at=timezone.now(), by=Actor.admin_team(by.pk))


def closing(account) -> Closure:
    """Let the account be closed at the end of a year that has just begun."""
    given_subscription(account, interval="year", at=timezone.now() - timedelta(days=5))
    return request_closure(account=account, at=timezone.now(), by=actor_of(administrator_of(account)))


def in_days(closure: Closure, sooner: int) -> str:
    return (closure.takes_effect_at.date() - timedelta(days=sooner)).isoformat()


# B12
def test_a_closing_is_brought_far_forward_by_two(ada, bram):
    account = given_account()
    closure = closing(account)
    serial, day = account.serial_number, in_days(closure, 15)
    arguments = ("closure", "bring-forward", serial, day, "--reason", "Asked by phone")
    code, output = run(*arguments)
    assert (code, ALONE in output) == (2, True)
    before = closure.takes_effect_at
    assert refreshed(closure).takes_effect_at == before
    code, output = run(*arguments, "--as", ada.email)
    assert code == 0
    deed = one_deed("bring_closure_forward")
    assert f"waits for a second person at http://localhost:8000/console/waiting/{deed.pk}/" in output
    assert (deed.state, deed.asked_by, deed.reason) == (DeedState.WAITING, ada, "Asked by phone")
    assert refreshed(closure).takes_effect_at == before
    approve(deed, bram)
    assert refreshed(closure).takes_effect_at.date() == date.fromisoformat(day)


def test_a_closing_is_brought_a_little_forward_by_one():
    closure = closing(given_account())
    code, _ = run(
        "closure", "bring-forward", closure.account.serial_number, in_days(closure, 14), "--reason", "Asked"
    )
    assert code == 0
    assert refreshed(closure).takes_effect_at.date().isoformat() == in_days(closure, 0)
    assert not StaffDeed.objects.exists()


@pytest.mark.parametrize(("total", "alone"), [(20, True), (21, False)])
def test_a_total_is_changed_by_so_many_alone(ada, total, alone):
    pool = given_pool(total_licences=10)
    serial = pool.account.serial_number
    arguments = ("pool", serial, "professional-user", "--total", total, "--reason", "As ordered")
    code, output = run(*arguments)
    assert (code, ALONE in output) == ((0, False) if alone else (2, True))
    assert refreshed(pool).total_licences == (20 if alone else 10)
    if not alone:
        assert run(*arguments, "--as", ada.email)[0] == 0
        assert one_deed("change_total").arguments["total"] == total
        assert refreshed(pool).total_licences == 10


def test_what_waits_and_what_does_not_are_told_apart_and_a_refusal_undoes_both(ada):
    pool = given_pool(total_licences=10)
    serial = pool.account.serial_number
    base = ("pool", serial, "professional-user", "--expires", "2027-01-31", "--reason", "As ordered")
    assert run(*base, "--total", 500)[0] == 2
    assert refreshed(pool).expires_on is None
    code, output = run(*base, "--total", 500, "--as", ada.email)
    assert code == 0
    assert "Change the total: waits for a second person" in output
    pool.refresh_from_db()
    assert (pool.expires_on, pool.total_licences) == (date(2027, 1, 31), 10)
    assert one_deed("change_expiry").state == DeedState.DONE


def test_a_members_deed_is_kept_with_who_did_it(ada):
    pool = given_pool(total_licences=10)
    run(
        "pool",
        pool.account.serial_number,
        "professional-user",
        "--total",
        12,
        "--reason",
        "Two more",
        "--as",
        ada.email,
    )
    deed = one_deed("change_total")
    assert (deed.state, deed.decided_by) == (DeedState.DONE, ada)
    entry = LedgerEntry.objects.get(pool=pool, kind="total_changed")
    assert (entry.actor_id, entry.reason) == (ada.pk, "Two more")
    assert Event.objects.filter(kind="staff_acted").count() == 1


@pytest.mark.parametrize(
    ("deed", "command"),
    [
        ("credit_invoice", ("credit",)),
        ("credit_invoice", ("credit", "--amount", "100.01")),
        ("credit_invoice", ("credit", "--line", "1", "--line", "2", "--line", "4")),
        ("void_invoice", ("void",)),
        ("write_off", ("write-off",)),
    ],
)
def test_an_invoice_over_the_bound_is_corrected_by_two(ada, bram, deed, command):
    invoice = given_invoice(given_account())
    verb, *options = command
    arguments = ("invoice", verb, invoice.issue.reference, *options, "--reason", "Wrong price")
    before = open_of(invoice)
    code, output = run(*arguments)
    assert (code, ALONE in output) == (2, True)
    assert run(*arguments, "--as", ada.email)[0] == 0
    assert open_of(invoice) == before
    approve(one_deed(deed), bram)
    assert open_of(invoice) < before


def test_a_small_credit_is_given_by_one():
    invoice = given_invoice(given_account())
    code, output = run(
        "invoice", "credit", invoice.issue.reference, "--amount", "100.00", "--reason", "Sorry"
    )
    assert (code, "CN-" in output) == (0, True)


def test_a_gesture_and_money_that_came_in_are_weighed_too(ada):
    account = given_account()
    serial = account.serial_number
    gesture = ("invoice", "gesture", serial, "--amount", "100.01", "--text", "Sorry", "--reason", "Outage")
    received = (
        "transfers",
        "receive",
        serial,
        "--amount",
        "100.01",
        "--on",
        "2026-03-20",
        "--reason",
        "Seen",
    )
    given_invoice(account)
    for arguments in (gesture, received):
        assert (run(*arguments)[0], ALONE in run(*arguments)[1]) == (2, True)
        assert run(*arguments, "--as", ada.email)[0] == 0
    assert set(StaffDeed.objects.values_list("deed", "state")) == {
        ("credit_account", "waiting"),
        ("book_payment", "waiting"),
    }


def test_one_bill_for_all_is_a_deed_of_the_command_line_too(ada):
    provider = given_provider()
    day = (timezone.now() + timedelta(days=40)).date().isoformat()
    serial = provider.serial_number
    assert run("account", "one-bill", serial, "--from", day, "--reason", "Agreed", "--as", ada.email)[0] == 0
    assert one_deed("agree_one_bill").reason == "Agreed"
    code, output = run("account", "one-bill", serial, "--until", day, "--as", ada.email)
    assert (code, "The reason" in output) == (2, True)


def test_who_may_not_or_is_no_longer_staff_asks_for_nothing():
    pool = given_pool(total_licences=10)
    arguments = (
        "pool",
        pool.account.serial_number,
        "professional-user",
        "--total",
        11,
        "--reason",
        "One more",
    )
    support = given_member("Sue Port", StaffRole.SUPPORT)
    gone = given_member("Gus Gone", StaffRole.BILLING)
    end_staff(member=gone, at=timezone.now(), by=SYSTEM)
    for email, words in (
        (support.email, "This needs the permission"),
        (gone.email, ""),
        ("nobody@x.example", ""),
    ):
        code, output = run(*arguments, "--as", email)
        assert (code, words in output) == (2, True)
    assert refreshed(pool).total_licences == 10


def test_what_waits_can_be_declined(ada, bram):
    pool = given_pool(total_licences=10)
    run(
        "pool",
        pool.account.serial_number,
        "professional-user",
        "--total",
        99,
        "--reason",
        "Many",
        "--as",
        ada.email,
    )
    decline_deed(deed_id=one_deed("change_total").pk, at=timezone.now(), by=Actor.admin_team(bram.pk))
    assert refreshed(pool).total_licences == 10
