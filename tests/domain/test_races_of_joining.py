"""Who joins at one moment: the last licence is given once, and the count is never increased beyond its bound."""

import pytest

from seatledger.domain.licences.models import Assignment, Pool
from seatledger.domain.people.actions import EmailTaken
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.actions import (
    Joiner,
    NewUserRules,
    ask_for_domain,
    change_preferences,
    join_account,
    verify_domain,
)
from seatledger.domain.subscriptions.domains import code_of
from seatledger.domain.subscriptions.models import EmailDomain, OnJoining, OnNoneLeft
from seatledger.domain.subscriptions.refusals import CannotJoin, DomainTaken
from selling import given_subscription
from support import AT, LATER, STAFF, SYSTEM, count_of, given_account, racers

THREADS = 6

pytestmark = pytest.mark.django_db(transaction=True)


def given_joinable(on_none_left, *, number, most=None):
    account = given_account()
    given_subscription(account, quantities={"professional-user": number})
    asked = ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    verify_domain(domain=asked, code=code_of(asked), at=AT, by=STAFF)
    rules = NewUserRules(OnJoining.ASSIGN, on_none_left, most)
    change_preferences(account=account, new=rules, at=AT, by=STAFF)
    return account


def joining(account, *names):
    return [
        lambda name=name: join_account(
            account=account, joiner=Joiner(f"{name}@northwind.example", name, "Moss"), at=LATER, by=SYSTEM
        )
        for name in names
    ]


def state_of(account):
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    held = Assignment.objects.filter(pool=pool, released_at=None).count()
    return pool.total_licences, pool.assigned_licences, held


NAMES = ("ada", "ben", "cleo", "dan", "eve", "finn")


def test_the_last_licence_is_given_to_one_of_those_who_join():  # E14
    account = given_joinable(OnNoneLeft.REFUSE, number=1)
    with racers(THREADS) as run_round:
        outcomes = run_round(*joining(account, *NAMES))
    assert (count_of(User, outcomes), count_of(CannotJoin, outcomes)) == (1, THREADS - 1)
    assert state_of(account) == (1, 1, 1)
    assert User.objects.filter(account=account).count() == 2


def test_the_count_is_increased_for_each_and_not_beyond_its_bound():  # E14
    account = given_joinable(OnNoneLeft.INCREASE, number=1, most=4)
    with racers(THREADS) as run_round:
        outcomes = run_round(*joining(account, *NAMES))
    assert (count_of(User, outcomes), count_of(CannotJoin, outcomes)) == (4, 2)
    assert state_of(account) == (4, 4, 4)


def test_one_person_joins_once():
    account = given_joinable(OnNoneLeft.INCREASE, number=1)
    with racers(THREADS) as run_round:
        outcomes = run_round(*joining(account, *["ada"] * THREADS))
    assert (count_of(User, outcomes), count_of(EmailTaken, outcomes)) == (1, THREADS - 1)
    assert state_of(account) == (1, 1, 1)


def test_a_domain_is_proved_by_one_account():
    asked = [
        ask_for_domain(account=given_account(f"Company {n}"), domain="shared.example", at=AT, by=STAFF)
        for n in range(THREADS)
    ]
    with racers(THREADS) as run_round:
        outcomes = run_round(
            *[
                lambda one=one: verify_domain(domain=one, code=code_of(one), at=LATER, by=STAFF)
                for one in asked
            ]
        )
    assert (count_of(EmailDomain, outcomes), count_of(DomainTaken, outcomes)) == (1, THREADS - 1)


def join_naively(account, name):
    """Look first, write afterwards, and hold nothing."""
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    if pool.available_licences:
        user = User.objects.create(
            account=account, first_name=name, last_name="Moss", email=f"{name}@n.example", added_at=LATER
        )
        Assignment.objects.create(account=account, pool=pool, user=user, source="manual", assigned_at=LATER)


def test_control_who_looks_first_gives_the_last_licence_twice():
    account = given_joinable(OnNoneLeft.REFUSE, number=1)
    with racers(THREADS) as run_round:

        def race():
            Assignment.objects.filter(pool__licence_type__key="professional-user").delete()
            User.objects.filter(email__endswith="@n.example").delete()
            run_round(*[lambda name=name: join_naively(account, name) for name in NAMES])
            return state_of(account)[2] > 1

        assert next((True for _ in range(20) if race()), False)
