"""Two who approve at once, and an approval against a change of what was shown; each race with its control."""

from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import F, Sum

from charging import given_vendor
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.staff.actions import Intent, approve_deed, do_deed
from seatledger.domain.staff.models import DeedState, StaffDeed, StaffMember
from seatledger.domain.staff.refusals import AlreadyDecided, FiguresChanged, SentAlready
from staffing import ALONE, actor, given_member, given_waiting, totalling
from support import (
    LATER,
    STAFF,
    count_of,
    given_account,
    given_licence_type,
    given_pool,
    racers,
    refreshed,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_approve_at_once_do_it_once():
    ada, others = given_member(), [given_member(f"Second {letter}") for letter in "abcd"]
    pool = given_pool(total_licences=10)
    with racers(4) as run_round:
        for _ in range(10):
            waiting = given_waiting(refreshed(pool), ada)
            outcomes = run_round(
                *[
                    lambda other=other, waiting=waiting: approve_deed(
                        deed_id=waiting.pk, at=LATER, by=actor(other)
                    )
                    for other in others
                ]
            )
            assert (count_of(StaffDeed, outcomes), count_of(AlreadyDecided, outcomes)) == (1, 3)
    assert refreshed(pool).total_licences == 10 + 10 * (ALONE + 1)


def approve_naively(deed_id: UUID, member: StaffMember) -> object:
    """Look first, write afterwards, and hold nothing: as one would without the lock on the row that waits."""
    with transaction.atomic():
        row = StaffDeed.objects.get(pk=deed_id)
        if row.state != DeedState.WAITING:
            return AlreadyDecided("Somebody was quicker.")
        Pool.objects.filter(pk=row.arguments["pool_id"]).update(
            total_licences=F("total_licences") + ALONE + 1
        )
        row.state, row.decided_by, row.decided_at = DeedState.DONE, member, LATER
        row.save()
        return row


def test_control_who_looks_first_and_writes_afterwards_does_it_more_than_once():
    ada, others = given_member(), [given_member(f"Second {letter}") for letter in "abcd"]
    pool = given_pool(total_licences=10)
    did_it = []
    with racers(4) as run_round:
        for _ in range(30):
            waiting = given_waiting(refreshed(pool), ada)
            outcomes = run_round(
                *[lambda other=other, deed_id=waiting.pk: approve_naively(deed_id, other) for other in others]
            )
            did_it.append(count_of(StaffDeed, outcomes))
            if did_it[-1] > 1:
                break
    assert max(did_it) > 1, "the race above would prove nothing"
    assert refreshed(pool).total_licences == 10 + sum(did_it) * (ALONE + 1)


def test_a_form_that_is_sent_several_times_at_once_is_done_once():
    given_vendor()
    ada, account = given_member(), given_account()
    with racers(4) as run_round:
        for _ in range(10):
            form = Intent("credit_account", {"amount_minor": 500, "text": "Gesture"}, "Outage", uuid4())
            send = partial(do_deed, account=account, intent=form, at=LATER, by=actor(ada))
            outcomes = run_round(send, send, send, send)
            assert {outcome.pk for outcome in outcomes} == {form.sent_as}
    assert count_credit_notes(account) == 10


def test_of_two_that_are_large_together_the_second_waits():
    ada, kind = given_member(), given_licence_type("cinema-room")
    with racers(2) as run_round:
        for number in range(10):
            pools = [given_pool(given_account(f"Northwind {number}"), total_licences=10)]
            pools.append(given_pool(pools[0].account, licence_type=kind, total_licences=10))
            outcomes = run_round(*[partial(give_most, pool, ada) for pool in pools])
            assert sorted(outcome.state for outcome in outcomes) == [DeedState.DONE, DeedState.WAITING]


def give_most(pool: Pool, member: StaffMember) -> StaffDeed:
    return do_deed(account=pool.account, intent=totalling(pool, 10 + ALONE), at=LATER, by=actor(member))


def test_control_who_adds_up_and_holds_nothing_does_both():
    ada, account, looked = given_member(), given_account(), Barrier(2)

    def give_naively() -> DeedState:
        """Add up first, write afterwards, and hold nothing: as one would without the lock on the account."""
        with transaction.atomic():
            before = StaffDeed.objects.filter(about=account, decided_by=ada).aggregate(all=Sum("licences"))
            looked.wait(timeout=30)
            state = DeedState.WAITING if before["all"] else DeedState.DONE
            StaffDeed.objects.create(
                about=account,
                deed="change_total",
                arguments={},
                figures={},
                reason="",
                licences=ALONE,
                state=state,
                asked_by=ada,
                asked_at=LATER,
                decided_by=ada,
                decided_at=LATER,
            )
        return state

    with racers(2) as run_round:
        assert run_round(give_naively, give_naively) == [DeedState.DONE] * 2, (
            "the race above would prove nothing"
        )


def test_control_forms_that_have_no_name_are_done_each_time():
    given_vendor()
    ada, account = given_member(), given_account()
    form = Intent("credit_account", {"amount_minor": 500, "text": "Gesture"}, "Outage")
    send = partial(do_deed, account=account, intent=form, at=LATER, by=actor(ada))
    with racers(4) as run_round:
        run_round(send, send, send, send)
    assert count_credit_notes(account) == 4, "the race above would prove nothing"


def test_a_form_that_was_changed_after_it_was_sent_is_refused():
    given_vendor()
    ada, account, name = given_member(), given_account(), uuid4()
    sent, changed = (
        Intent("credit_account", {"amount_minor": amount, "text": "Gesture"}, "Outage", name)
        for amount in (500, 600)
    )
    do_deed(account=account, intent=sent, at=LATER, by=actor(ada))
    other = given_account("Southwind")
    for about, form in ((account, changed), (other, sent)):
        with pytest.raises(SentAlready, match="open the form anew"):
            do_deed(account=about, intent=form, at=LATER, by=actor(ada))
    assert (count_credit_notes(account), count_credit_notes(other)) == (1, 0)


def count_credit_notes(account: Account) -> int:
    return Document.objects.filter(account=account, kind=DocumentKind.CREDIT_NOTE).count()


def test_an_approval_and_a_change_of_what_was_shown_never_both_count():
    ada, bram = given_member(), given_member("Bram Olsen")
    with racers(2) as run_round:
        for number in range(10):
            pool = given_pool(given_account(f"Northwind {number}"), total_licences=10)
            waiting = given_waiting(pool, ada)
            approved, _ = run_round(
                lambda waiting=waiting: approve_deed(deed_id=waiting.pk, at=LATER, by=actor(bram)),
                lambda pool=pool: change_total(pool=pool, total=12, at=LATER, by=STAFF),
            )
            total = refreshed(pool).total_licences
            # Whichever was first: an approval counts by the figures that were shown, or it is refused.
            assert total == 12
            assert isinstance(approved, StaffDeed | FiguresChanged)


def test_control_who_compares_figures_and_holds_nothing_writes_over_the_change():
    pool, (looked, changed) = given_pool(total_licences=10), (Barrier(2), Barrier(2))

    def approve_by_figures_of_before() -> object:
        with transaction.atomic():
            if Pool.objects.get(pk=pool.pk).total_licences != 10:
                return FiguresChanged("The total is another one.")
            looked.wait(timeout=30)
            changed.wait(timeout=30)
            return Pool.objects.filter(pk=pool.pk).update(total_licences=10 + ALONE + 1)

    def change_meanwhile() -> object:
        looked.wait(timeout=30)
        entry = change_total(pool=pool, total=12, at=LATER, by=STAFF)
        changed.wait(timeout=30)
        return entry

    with racers(2) as run_round:
        approved, _ = run_round(approve_by_figures_of_before, change_meanwhile)
    assert approved == 1
    assert refreshed(pool).total_licences == 10 + ALONE + 1, "the race above would prove nothing"
