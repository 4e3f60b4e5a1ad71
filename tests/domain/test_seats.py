"""Assigning, releasing and moving licences: what happens, what is refused, and what the neighbour keeps."""

from datetime import date, timedelta

import pytest

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences import refusals
from seatledger.domain.licences.actions import (
    add_device,
    assign_licence,
    assign_licences,
    change_level,
    change_role_licences,
    change_total,
    deactivate_users,
    move_licence,
    release_licences,
)
from seatledger.domain.licences.models import Assignment, EntryKind, LedgerEntry, Pool, Source
from seatledger.domain.licences.queries import get_assignment, list_holders, list_licences_of
from seatledger.domain.people.models import User
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    NEXT_DAY,
    STAFF,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account beside a neighbour that holds the same licences."""
    neighbour = given_account("Southwind")
    assign(given_pool(neighbour), given_user(neighbour, "Ned Neighbour"))
    return given_account("Northwind")


@pytest.fixture
def pool(account: Account) -> Pool:
    return given_pool(account, total_licences=2)


@pytest.fixture
def ben(account: Account) -> User:
    return given_user(account, "Ben Okoro")


def assign(pool: Pool, user: User, at=AT) -> Assignment:
    return assign_licence(pool=pool, user=user, at=at, by=STAFF)


def release(assignment: Assignment, at=LATER) -> int:
    return release_licences(account=assignment.account, assignment_ids=[assignment.pk], at=at, by=STAFF)


def neighbours_pool() -> Pool:
    return Pool.objects.get(account__name="Southwind", counts_active_users=False)


def test_assigning_takes_one_licence_and_writes_it_down(pool: Pool, ben: User):  # A13, A14, A29, A30, D2
    assignment = assign(pool, ben, LATER)
    now = refreshed(pool)
    assert (now.assigned_licences, now.available_licences) == (1, 1)
    assert (assignment.user, assignment.source, assignment.assigned_at) == (ben, Source.MANUAL, LATER)
    entry = LedgerEntry.objects.filter(pool=pool).latest("sequence")
    assert (entry.kind, entry.held_change, entry.user_id, entry.at) == ("assigned", 1, ben.pk, LATER)
    event = Event.objects.filter(account=pool.account).latest("sequence")
    assert (event.kind, event.payload["assignment_id"]) == ("licence_assigned", str(assignment.pk))


def test_several_are_given_licences_or_none(pool: Pool):
    users = given_users(pool.account, 3)
    with pytest.raises(refusals.NoLicenceAvailable, match="All 2 Professional User licences are taken"):
        assign_licences(pool=pool, user_ids=[user.pk for user in users], at=LATER, by=STAFF)
    assert refreshed(pool).assigned_licences == 0
    assert not Assignment.objects.filter(pool=pool).exists()
    given = assign_licences(pool=pool, user_ids=[user.pk for user in users[:2]], at=LATER, by=STAFF)
    assert len(given) == refreshed(pool).assigned_licences == 2


def test_a_licence_is_held_once(pool: Pool, ben: User):
    assign(pool, ben)
    with pytest.raises(refusals.AlreadyHeld):
        assign(pool, ben)
    assert refreshed(pool).assigned_licences == 1


def test_a_deactivated_user_is_given_nothing(pool: Pool):
    with pytest.raises(refusals.NotActive):
        assign(pool, given_user(pool.account, "Eve Moss", active=False))


def test_another_accounts_user_is_given_nothing(pool: Pool):
    stranger = User.objects.get(first_name="Ned")
    with pytest.raises(NotFound):
        assign(pool, stranger)
    assert refreshed(neighbours_pool()).assigned_licences == 1


def test_an_account_without_the_pool_is_told_so(account: Account, ben: User):
    elsewhere = given_pool(given_account("Eastwind"), given_licence_type("rare"))
    elsewhere.account = account
    with pytest.raises(refusals.NoSuchPool):
        assign(elsewhere, ben)


# A15
def test_licences_are_valid_to_the_end_of_their_last_day_in_the_accounts_zone(account: Account, ben: User):
    pool = given_pool(account, expires_on=date(2026, 6, 30))
    last_moment = AT.replace(month=6, day=30, hour=22, minute=59)  # London is an hour ahead in summer
    with pytest.raises(refusals.LicencesExpired, match="expired on 30 June 2026"):
        assign(pool, ben, last_moment + timedelta(minutes=1))
    assert assign(pool, ben, last_moment).user == ben


def test_what_devices_hold_is_not_given_to_users(account: Account, ben: User):
    with pytest.raises(refusals.WrongHolder):
        assign(given_pool(account, given_device_type()), ben)


def test_what_every_active_user_holds_is_not_given_by_hand(account: Account, ben: User):
    with pytest.raises(refusals.GivenByActivation):
        assign(Pool.objects.get(account=account, counts_active_users=True), ben)


def test_an_over_assigned_pool_gives_nothing_until_enough_are_released(pool: Pool):
    users = given_users(pool.account, 3)
    seats = [assign(pool, user) for user in users[:2]]
    change_total(pool=pool, total=1, over_assign=True, at=LATER, by=STAFF)
    with pytest.raises(refusals.NoLicenceAvailable):
        assign(pool, users[2], LATER)
    release(seats[0])
    with pytest.raises(refusals.NoLicenceAvailable):
        assign(pool, users[2], LATER)
    release(seats[1])
    assert assign(pool, users[2], LATER)


def test_a_change_cannot_be_dated_before_what_is_recorded(pool: Pool, ben: User):
    assign(pool, ben, LATER)
    with pytest.raises(refusals.NotInThePast):
        assign(pool, given_user(pool.account, "Eve Moss", at=LATER), AT)


def test_a_change_of_the_same_minute_is_written_after_the_other(pool: Pool, ben: User):
    assign(pool, ben, LATER)
    late = assign(pool, given_user(pool.account, "Eve Moss", at=LATER), LATER - timedelta(seconds=59))
    assert late.assigned_at == LATER


# Releasing


def test_releasing_frees_the_licence_and_keeps_the_row(pool: Pool, ben: User):  # A14, A30
    assignment = assign(pool, ben)
    assert release(assignment) == 1
    assert refreshed(pool).assigned_licences == 0
    assert refreshed(assignment).released_at == LATER
    entry = LedgerEntry.objects.filter(pool=pool).latest("sequence")
    assert (entry.kind, entry.held_change) == (EntryKind.RELEASED, -1)


def test_what_is_released_cannot_be_released_again(pool: Pool, ben: User):
    assignment = assign(pool, ben)
    release(assignment)
    with pytest.raises(NotFound):
        release(assignment)
    with pytest.raises(NotFound):
        get_assignment(pool.account, assignment.pk)
    assert refreshed(pool).assigned_licences == 0


def test_another_accounts_licence_cannot_be_released(account: Account):
    theirs = Assignment.objects.get(pool=neighbours_pool())
    with pytest.raises(NotFound):
        release_licences(account=account, assignment_ids=[theirs.pk], at=LATER, by=STAFF)
    with pytest.raises(NotFound):
        get_assignment(account, theirs.pk)
    assert refreshed(neighbours_pool()).assigned_licences == 1


def test_a_locked_licence_stays_until_its_days_are_over(account: Account, ben: User):
    pool = given_pool(account, given_licence_type("on-demand", lock_days=90))
    assignment = assign(pool, ben)
    with pytest.raises(refusals.LicenceLocked, match=r"locked for 90 days.*31 May 2026"):
        release(assignment, AT + timedelta(days=90, seconds=-1))
    assert release(assignment, AT + timedelta(days=90)) == 1


def test_what_a_role_gives_is_not_released_by_hand(pool: Pool, account: Account):
    role = given_role(account)
    user = given_user(account, "Eve Moss", roles=[role])
    change_role_licences(role=role, licence_type_ids=[pool.licence_type_id], at=AT, by=STAFF)
    [assignment] = Assignment.objects.filter(pool=pool)
    assert (assignment.user, assignment.source) == (user, Source.RULE)
    with pytest.raises(refusals.GivenByRole):
        release(assignment)


def test_what_every_active_user_holds_is_not_released_by_hand(account: Account, ben: User):
    counted = Assignment.objects.get(user=ben, pool__counts_active_users=True)
    with pytest.raises(refusals.GivenByActivation):
        release(counted)


# D25
def test_an_add_on_needs_what_it_adds_to(account: Account, ben: User):
    base_type = given_licence_type("base")
    base = given_pool(account, base_type)
    add_on = given_pool(account, given_licence_type("add-on", needs=[base_type]))
    with pytest.raises(refusals.BaseLicenceMissing, match="Add On needs Base"):
        assign(add_on, ben)
    below = assign(base, ben)
    above = assign(add_on, ben)
    with pytest.raises(refusals.StillNeeded):
        release(below)
    release(above)
    assert release(below) == 1


def test_deactivating_frees_everything_at_once_locked_or_not(account: Account, ben: User):  # C16
    locked = given_pool(account, given_licence_type("on-demand", lock_days=90))
    assign(locked, ben)
    deactivate_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert refreshed(locked).assigned_licences == 0
    assert list_licences_of(account, ben.pk) == []


# Moving


def test_moving_takes_from_one_and_gives_to_the_other_at_one_instant(pool: Pool, ben: User):
    eve = given_user(pool.account, "Eve Moss")
    before = assign(pool, ben)
    after = move_licence(assignment=before, to_user=eve, at=LATER, by=STAFF)
    assert (refreshed(before).released_at, after.assigned_at, after.user) == (LATER, LATER, eve)
    assert refreshed(pool).assigned_licences == 1


def test_the_last_licence_can_be_moved(account: Account, ben: User):
    pool = given_pool(account, given_licence_type("single"), total_licences=1)
    eve = given_user(account, "Eve Moss")
    assert move_licence(assignment=assign(pool, ben), to_user=eve, at=LATER, by=STAFF).user == eve


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ("Ben", refusals.AlreadyHeld),
        ("Holder", refusals.AlreadyHeld),
        ("Inactive", refusals.NotActive),
        ("Ned", NotFound),
    ],
)
def test_a_licence_moves_to_nobody_who_cannot_have_it(
    pool: Pool, ben: User, target: str, refusal: type[Exception]
):
    assign(pool, given_user(pool.account, "Holder Too"))
    given_user(pool.account, "Inactive User", active=False)
    assignment = assign(pool, ben)
    with pytest.raises(refusal):
        move_licence(assignment=assignment, to_user=User.objects.get(first_name=target), at=LATER, by=STAFF)
    assert refreshed(assignment).released_at is None
    assert refreshed(pool).assigned_licences == 2


def test_a_locked_licence_does_not_move(account: Account, ben: User):
    pool = given_pool(account, given_licence_type("on-demand", lock_days=90))
    with pytest.raises(refusals.LicenceLocked):
        move_licence(
            assignment=assign(pool, ben), to_user=given_user(account, "Eve Moss"), at=NEXT_DAY, by=STAFF
        )


def test_what_was_released_in_the_meantime_does_not_move(pool: Pool, ben: User):
    assignment = assign(pool, ben)
    release(assignment)
    with pytest.raises(refusals.NotHeld):
        move_licence(
            assignment=assignment,
            to_user=given_user(pool.account, "Eve Moss", at=LATER),
            at=LATER,
            by=STAFF,
        )


def test_a_device_keeps_its_licence(account: Account, ben: User):
    screens = given_pool(account, given_device_type())
    given_device(screens)
    [assignment] = Assignment.objects.filter(pool=screens)
    with pytest.raises(refusals.WrongHolder):
        move_licence(assignment=assignment, to_user=ben, at=LATER, by=STAFF)
    with pytest.raises(refusals.WrongHolder):
        change_level(assignment=assignment, pool=screens, at=LATER, by=STAFF)


# Levels


@pytest.fixture
def levels(account: Account) -> tuple[Pool, Pool]:
    """Two supervisor levels, of which a user has one."""
    return tuple(
        given_pool(account, given_licence_type(key, exclusive_group="supervisor"), total_licences=1)
        for key in ("insights", "analytics")
    )


# D11-D15
def test_levels_exclude_each_other_and_are_swapped(levels: tuple[Pool, Pool], ben: User):
    lower, upper = levels
    assignment = assign(lower, ben)
    with pytest.raises(refusals.AnotherLevelHeld):
        assign(upper, ben)
    swapped = change_level(assignment=assignment, pool=upper, at=LATER, by=STAFF)
    assert (swapped.pool, swapped.assigned_at, refreshed(assignment).released_at) == (upper, LATER, LATER)
    assert [refreshed(pool).assigned_licences for pool in levels] == [0, 1]


def test_a_swap_that_is_refused_changes_nothing(levels: tuple[Pool, Pool], ben: User):
    lower, upper = levels
    assign(upper, given_user(lower.account, "Eve Moss"))
    assignment = assign(lower, ben)
    with pytest.raises(refusals.NoLicenceAvailable):
        change_level(assignment=assignment, pool=upper, at=LATER, by=STAFF)
    assert refreshed(assignment).released_at is None
    assert [refreshed(pool).assigned_licences for pool in levels] == [1, 1]


def test_a_level_is_swapped_for_another_of_its_group_only(levels: tuple[Pool, Pool], pool: Pool, ben: User):
    assignment = assign(levels[0], ben)
    with pytest.raises(refusals.NotTheSameGroup):
        change_level(assignment=assignment, pool=pool, at=LATER, by=STAFF)
    with pytest.raises(refusals.AlreadyHeld):
        change_level(assignment=assignment, pool=levels[0], at=LATER, by=STAFF)


def test_what_every_active_user_holds_is_no_level(pool: Pool, ben: User):
    counted = Assignment.objects.get(user=ben, pool__counts_active_users=True)
    with pytest.raises(refusals.NotTheSameGroup):
        change_level(assignment=counted, pool=pool, at=LATER, by=STAFF)


def test_a_level_that_a_role_gives_is_not_swapped(levels: tuple[Pool, Pool], account: Account):
    role = given_role(account)
    given_user(account, "Eve Moss", roles=[role])
    change_role_licences(role=role, licence_type_ids=[levels[0].licence_type_id], at=AT, by=STAFF)
    [assignment] = Assignment.objects.filter(pool=levels[0])
    with pytest.raises(refusals.GivenByRole):
        change_level(assignment=assignment, pool=levels[1], at=LATER, by=STAFF)


# Questions


def test_who_holds_what_is_told_of_the_own_account_alone(pool: Pool, ben: User):
    assign(pool, ben)
    assert [row.user for row in list_holders(pool.account, pool)] == [ben]
    assert list_holders(pool.account, neighbours_pool()) == []
    ned = User.objects.get(first_name="Ned")
    assert list_licences_of(pool.account, ned.pk) == []
    held = [row.pool.licence_type.key for row in list_licences_of(pool.account, ben.pk)]
    assert sorted(held) == ["active-user", "professional-user"]


def test_devices_are_not_assigned_by_hand(account: Account, pool: Pool):
    with pytest.raises(refusals.WrongHolder):
        add_device(pool=pool, name="Screen", user=None, at=LATER, by=STAFF)
