"""What is scarce is given once, however many ask at one moment: eight threads, fifty rounds.

Each race has a control: the same race run by code that looks first and writes afterwards, as one would without locks
and constraints. The control must break, or the race would prove nothing.
"""

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, count, cycle, islice

import pytest
from django.db import IntegrityError, connection, transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import (
    NewUser,
    add_device,
    add_user,
    assign_licence,
    change_roles,
    change_total,
    deactivate_users,
    delete_users,
    release_licences,
    remove_devices,
)
from seatledger.domain.licences.models import Assignment, Device
from seatledger.domain.licences.refusals import AlreadyHeld, NoLicenceAvailable, TotalBelowUse
from seatledger.domain.people.actions import EmailTaken, choose_main_contact
from seatledger.domain.people.models import BuiltInRole, RoleGrant, User
from seatledger.shared.errors import Refused
from support import (
    AT,
    LATER,
    STAFF,
    administrator_role,
    count_of,
    given_account,
    given_administrator,
    given_device_type,
    given_pool,
    given_user,
    given_users,
    racers,
    refreshed,
)

THREADS = 8
ROUNDS = 50
# For races that end in the same lock and constraint as one of fifty rounds.
FEWER_ROUNDS = 20

pytestmark = pytest.mark.django_db(transaction=True)


# The last licence


def test_the_last_licence_is_given_once():
    pool = given_pool(total_licences=1)
    users = given_users(pool.account, THREADS)
    calls = [lambda user=user: assign_licence(pool=pool, user=user, at=LATER, by=STAFF) for user in users]
    with racers(THREADS) as run_round:
        for _ in range(ROUNDS):
            outcomes = run_round(*calls)
            assert count_of(Assignment, outcomes) == 1
            assert count_of(NoLicenceAvailable, outcomes) == THREADS - 1
            held = Assignment.objects.filter(pool=pool, released_at__isnull=True)
            assert refreshed(pool).assigned_licences == held.count() == 1
            release_licences(
                account=pool.account, assignment_ids=[row.pk for row in held], at=LATER, by=STAFF
            )


def test_a_licence_is_given_to_one_user_once():
    pool = given_pool(total_licences=THREADS)
    user = given_user(pool.account)
    with racers(THREADS) as run_round:
        outcomes = run_round(*[lambda: assign_licence(pool=pool, user=user, at=LATER, by=STAFF)] * THREADS)
    assert (count_of(Assignment, outcomes), count_of(AlreadyHeld, outcomes)) == (1, THREADS - 1)
    assert refreshed(pool).assigned_licences == 1


# D18
def test_the_last_place_under_a_cap_goes_to_one_device():
    pool = given_pool(licence_type=given_device_type(), total_licences=1)
    names = [f"Screen {number}" for number in range(THREADS)]
    calls = [
        lambda name=name: add_device(pool=pool, name=name, user=None, at=LATER, by=STAFF) for name in names
    ]
    with racers(THREADS) as run_round:
        for _ in range(FEWER_ROUNDS):
            outcomes = run_round(*calls)
            assert count_of(Device, outcomes) == 1
            assert count_of(NoLicenceAvailable, outcomes) == THREADS - 1
            configured = [device.pk for device in Device.objects.filter(removed_at__isnull=True)]
            assert refreshed(pool).assigned_licences == len(configured) == 1
            remove_devices(account=pool.account, device_ids=configured, at=LATER, by=STAFF)


# A pool that shrinks


def test_a_pool_never_shrinks_below_a_seat_that_is_given():
    pool = given_pool(total_licences=2)
    first, *others = given_users(pool.account, 1 + THREADS // 2)
    assign_licence(pool=pool, user=first, at=AT, by=STAFF)
    give = [lambda user=user: assign_licence(pool=pool, user=user, at=LATER, by=STAFF) for user in others]
    shrink = [lambda: change_total(pool=pool, total=1, at=LATER, by=STAFF)] * (THREADS // 2)
    ends = set()
    with racers(THREADS) as run_round:
        for _ in range(FEWER_ROUNDS):
            outcomes = run_round(*give, *shrink)
            now = refreshed(pool)
            ends.add((now.assigned_licences, now.total_licences))
            given = count_of(Assignment, outcomes)
            assert (given, count_of(TotalBelowUse, outcomes)) in {(0, 0), (1, THREADS // 2)}
            assert now.assigned_licences == 1 + given
            change_total(pool=pool, total=2, at=LATER, by=STAFF)
            added = [outcome.pk for outcome in outcomes if isinstance(outcome, Assignment)]
            release_licences(account=pool.account, assignment_ids=added, at=LATER, by=STAFF)
    assert ends <= {(1, 1), (2, 2)}


# The last administrator (C21, C23)

Way = Callable[[User, User], object]


def take_the_role(user: User, _: User) -> object:
    return change_roles(user=user, role_ids=[], at=LATER, by=STAFF)


def deactivate(user: User, _: User) -> object:
    return deactivate_users(
        account=user.account, user_ids=[user.pk], drop_administrator=True, at=LATER, by=STAFF
    )


def delete(user: User, _: User) -> object:
    return delete_users(account=user.account, user_ids=[user.pk], at=LATER, by=STAFF)


def deactivate_both(user: User, other: User) -> object:
    return deactivate_users(
        account=user.account, user_ids=[user.pk, other.pk], drop_administrator=True, at=LATER, by=STAFF
    )


def delete_both(user: User, other: User) -> object:
    return delete_users(account=user.account, user_ids=[user.pk, other.pk], at=LATER, by=STAFF)


WAYS: list[Way] = [take_the_role, deactivate, delete, deactivate_both, delete_both]
PAIRINGS = list(combinations_with_replacement(WAYS, 2))


def active_administrators(account: Account) -> list[User]:
    grants = RoleGrant.objects.filter(
        account=account, role__built_in=BuiltInRole.ADMINISTRATOR, user__is_active=True
    )
    return [grant.user for grant in grants.select_related("user__account")]


# C21, C23
def test_of_two_administrators_one_stays_whichever_way_they_go():
    account = given_account()
    choose_main_contact(user=given_user(account), at=AT, by=STAFF)
    new_names = (f"Admin {number}" for number in count(1))
    with racers(THREADS) as run_round:
        for one_way, other_way in islice(cycle(PAIRINGS), ROUNDS):
            while len(administrators := active_administrators(account)) < 2:
                given_administrator(account, next(new_names), at=LATER)
            ann, ben = administrators
            outcomes = run_round(
                *[lambda: one_way(ann, ben)] * (THREADS // 2),  # noqa: B023 -- called within the round
                *[lambda: other_way(ben, ann)] * (THREADS // 2),  # noqa: B023 -- the same
            )
            both = {one_way, other_way} <= {deactivate_both, delete_both}
            assert len(active_administrators(account)) == (2 if both else 1), (one_way, other_way)
            assert count_of(Refused, outcomes) > 0


@pytest.fixture
def two_administrators() -> list[User]:
    account = given_account()
    given_administrator(account)
    return active_administrators(account)


RAW = [
    "UPDATE people_user SET is_active = false WHERE id = %s",
    "DELETE FROM people_rolegrant WHERE user_id = %s",
]


def run_raw(statement: str, user: User) -> str:
    """Run a statement by hand, past every action; returns what the database made of it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [user.pk])
    except IntegrityError as refusal:
        return refusal.__cause__.diag.constraint_name
    return "done"


def restore(administrators: list[User]) -> None:
    """Make them active administrators again, past every action as well."""
    role = administrator_role(administrators[0].account)
    User.objects.filter(pk__in=[user.pk for user in administrators]).update(is_active=True)
    RoleGrant.objects.bulk_create(
        [RoleGrant(account=user.account, user=user, role=role, granted_at=AT) for user in administrators],
        ignore_conflicts=True,
    )


# C21
def test_statements_by_hand_leave_an_administrator_too(two_administrators: list[User]):
    ann, ben = two_administrators
    with racers(2) as run_round:
        for one, other in islice(cycle([(a, b) for a in RAW for b in RAW]), ROUNDS):
            outcomes = run_round(lambda: run_raw(one, ann), lambda: run_raw(other, ben))  # noqa: B023 -- in the round
            assert sorted(map(str, outcomes)) == ["an_account_keeps_an_administrator", "done"]
            assert len(active_administrators(ann.account)) == 1
            restore(two_administrators)


def test_control_without_the_trigger_statements_by_hand_leave_no_administrator(
    two_administrators: list[User],
):
    ann, ben = two_administrators
    switch = "ALTER TABLE people_user {} TRIGGER an_account_keeps_an_administrator"
    with connection.cursor() as cursor:
        cursor.execute(switch.format("DISABLE"))
        try:
            with racers(2) as run_round:
                run_round(lambda: run_raw(RAW[0], ann), lambda: run_raw(RAW[0], ben))
        finally:
            cursor.execute(switch.format("ENABLE"))
    assert active_administrators(ann.account) == []


# One address, several accounts


def test_an_address_goes_to_one_user_of_all_accounts():
    accounts = [given_account(f"Company {number}") for number in range(THREADS)]
    with racers(THREADS) as run_round:
        for number in range(5):
            new = NewUser("Eve", "Moss", f"eve.{number}@x.example", invite=False)
            outcomes = run_round(
                *[
                    lambda account=account, new=new: add_user(account=account, new=new, at=LATER, by=STAFF)
                    for account in accounts
                ]
            )
            assert (count_of(User, outcomes), count_of(EmailTaken, outcomes)) == (1, THREADS - 1)


# Controls: look first, write afterwards


@pytest.fixture
def scratch() -> Iterator[Callable[..., list[tuple[int, ...]]]]:
    """Tables without a promise: `shelf` has a total, `taken` has a row for each that is gone."""

    def ask(statement: str, *parameters: object) -> list[tuple[int, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    ask("CREATE TABLE shelf (total int NOT NULL); CREATE TABLE taken (holder int NOT NULL);")
    yield ask
    ask("DROP TABLE shelf; DROP TABLE taken;")


def rounds_broken(race: Callable[[], bool]) -> int:
    """Run a race until it has broken, at most as often as the real one; returns in how many rounds it did."""
    return next((1 for _ in range(ROUNDS) if race()), 0)


def take_naively(ask: Callable[..., list[tuple[int, ...]]], holder: int) -> None:
    with transaction.atomic():
        [[total]] = ask("SELECT total FROM shelf")
        [[taken]] = ask("SELECT count(*) FROM taken")
        if taken < total:
            ask("INSERT INTO taken VALUES (%s)", holder)


def shrink_naively(ask: Callable[..., list[tuple[int, ...]]], total: int) -> None:
    with transaction.atomic():
        [[taken]] = ask("SELECT count(*) FROM taken")
        if taken <= total:
            ask("UPDATE shelf SET total = %s", total)


def leave_naively(ask: Callable[..., list[tuple[int, ...]]], holder: int) -> None:
    with transaction.atomic():
        [[taken]] = ask("SELECT count(*) FROM taken")
        if taken > 1:
            ask("DELETE FROM taken WHERE holder = %s", holder)


def test_control_who_counts_first_gives_the_last_one_twice(scratch):
    with racers(THREADS) as run_round:

        def race() -> bool:
            scratch("TRUNCATE shelf, taken; INSERT INTO shelf VALUES (1)")
            run_round(*[lambda n=n: take_naively(scratch, n) for n in range(THREADS)])
            return scratch("SELECT count(*) > 1 FROM taken") == [(True,)]

        assert rounds_broken(race) == 1


def test_control_who_counts_first_shrinks_below_what_is_given(scratch):
    with racers(THREADS) as run_round:

        def race() -> bool:
            scratch("TRUNCATE shelf, taken; INSERT INTO shelf VALUES (1)")
            give = [lambda n=n: take_naively(scratch, n) for n in range(THREADS // 2)]
            run_round(*give, *[lambda: shrink_naively(scratch, 0)] * (THREADS // 2))
            return scratch("SELECT (SELECT count(*) FROM taken) > total FROM shelf") == [(True,)]

        assert rounds_broken(race) == 1


def test_control_who_counts_first_leaves_nobody(scratch):
    with racers(2) as run_round:

        def race() -> bool:
            scratch("TRUNCATE taken; INSERT INTO taken VALUES (1), (2)")
            run_round(lambda: leave_naively(scratch, 1), lambda: leave_naively(scratch, 2))
            return scratch("SELECT count(*) = 0 FROM taken") == [(True,)]

        assert rounds_broken(race) == 1
