"""Importing a history: what each kind of line does, what is refused where, and that a second run changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from histories import BEN, CLEO, errors_of, given_northwind, line, message_of, run, state
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import (
    HistoryImported,
    HistoryRefused,
    NewPool,
    RoleDetails,
    add_role,
    assign_licence,
    deactivate_users,
)
from seatledger.domain.licences.models import Assignment, Cause, Device, LedgerEntry, Source
from seatledger.domain.licences.queries import find_disagreements, get_pool_by_key, get_snapshot
from seatledger.domain.notifications.models import Message
from seatledger.domain.people.models import RoleGrant, User
from seatledger.domain.people.queries import role_names_of
from support import AT, STAFF, given_account, given_licence_type, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return given_northwind()


def held_by(email: str) -> list[str]:
    rows = Assignment.objects.filter(user__email=email, released_at__isnull=True)
    return sorted(rows.values_list("pool__licence_type__key", flat=True))


# What each kind of line does


EVERYTHING = [
    line(1, "user_added", **BEN, phone="+44 20 7946 0001", roles="Billing"),
    line(1, "user_added", **CLEO, active="no"),
    line(2, "user_activated", email=CLEO["email"]),
    line(3, "licence_assigned", email=BEN["email"], licence="professional-user"),
    line(3, "licence_assigned", email=BEN["email"], licence="agent-user", source="synced"),
    line(4, "licence_assigned", email=BEN["email"], licence="reports-supervisor"),
    line(
        5, "level_changed", email=BEN["email"], licence="reports-supervisor", to_licence="insights-supervisor"
    ),
    line(6, "licence_moved", email=BEN["email"], licence="insights-supervisor", to_email=CLEO["email"]),
    line(7, "role_given", email=CLEO["email"], roles="Administrator; Billing"),
    line(8, "role_taken", email=CLEO["email"], roles="Billing"),
    line(9, "device_added", device="Lobby", licence="wallboard", email=BEN["email"]),
    line(9, "device_added", device="Canteen", licence="wallboard"),
    line(10, "device_user_changed", device="lobby", licence="wallboard", email=CLEO["email"]),
    line(11, "device_removed", device="Canteen", licence="wallboard"),
    line(12, "licence_released", email=BEN["email"], licence="agent-user"),
    line(13, "total_changed", licence="professional-user", total="12", reason="Order 7"),
    line(14, "expiry_changed", licence="professional-user", expires_on="2027-04-30"),
    line(15, "user_deactivated", email=BEN["email"]),
    line(16, "user_deleted", email=BEN["email"]),
    line(17, "user_added", **BEN),
]


def test_every_kind_of_line_does_what_it_says(account):
    result = run(account, *EVERYTHING)
    assert (sum(result.changed.values()), result.unchanged) == (len(EVERYTHING), 0)
    assert held_by(CLEO["email"]) == ["active-user", "insights-supervisor"]
    assert held_by(BEN["email"]) == ["active-user"]
    cleo = User.objects.get(email=CLEO["email"])
    assert role_names_of(account, [cleo.pk]) == {cleo.pk: ["Administrator"]}
    lobby = Device.objects.get(removed_at__isnull=True)
    assert (lobby.name, lobby.user) == ("Lobby", cleo)
    pool = get_pool_by_key(account, "professional-user")
    assert (pool.total_licences, pool.expires_on) == (12, date(2027, 4, 30))
    assert find_disagreements(account) == []


def test_lines_count_from_their_own_instant(account):
    run(account, *EVERYTHING)
    pool = get_pool_by_key(account, "professional-user")
    begin = datetime(2026, 5, 3, 9, tzinfo=UTC)
    held = [
        get_snapshot(account, begin + late)[pool.pk].held for late in (-timedelta(seconds=1), timedelta(0))
    ]
    assert held == [0, 1]
    ended = Assignment.objects.get(pool__licence_type__key="agent-user")
    assert (ended.source, ended.assigned_at, ended.released_at) == (
        Source.SYNCED,
        begin,
        datetime(2026, 5, 12, 9, tzinfo=UTC),
    )
    grant = RoleGrant.objects.get(user__email=CLEO["email"])
    assert grant.granted_at == datetime(2026, 5, 7, 9, tzinfo=UTC)


def test_a_second_run_changes_nothing(account):
    run(account, *EVERYTHING)
    before = state()
    again = run(account, *EVERYTHING)
    assert (again.changed, again.unchanged, state()) == ({}, len(EVERYTHING), before)


@pytest.mark.parametrize("known", range(1, len(EVERYTHING)))
def test_a_longer_file_adds_what_is_new(account, known):
    run(account, *EVERYTHING[:known])
    grown = run(account, *EVERYTHING)
    assert (sum(grown.changed.values()), grown.unchanged) == (len(EVERYTHING) - known, known)
    assert find_disagreements(account) == []


def test_the_rest_alone_is_imported_too(account):
    run(account, *EVERYTHING[:12])
    rest = run(account, *EVERYTHING[12:])
    assert (sum(rest.changed.values()), rest.unchanged) == (len(EVERYTHING) - 12, 0)


def test_a_dry_run_changes_nothing(account):
    before = state()
    result = run(account, *EVERYTHING, dry_run=True)
    assert (sum(result.changed.values()), state()) == (len(EVERYTHING), before)


def test_lines_may_stand_in_any_order(account):
    result = run(account, *reversed(EVERYTHING[:1] + EVERYTHING[3:4]))
    assert sum(result.changed.values()) == 2


def test_nobody_gets_a_password_or_an_e_mail(account):
    """C11: a random password cannot be left out, by import neither; and nobody is told it."""
    run(account, line(1, "user_added", **BEN))
    ben = User.objects.get(email=BEN["email"])
    assert (ben.has_usable_password(), ben.invited_at) == (False, None)
    assert not Message.objects.exists()


def test_roles_give_and_take_licences_on_the_way(account):
    gives = RoleDetails(
        "Agents", licence_type_ids=[get_pool_by_key(account, "professional-user").licence_type_id]
    )
    add_role(account=account, details=gives, at=AT, by=STAFF)
    run(account, line(1, "user_added", **BEN, roles="agents"), line(2, "user_added", **CLEO))
    assert held_by(BEN["email"]) == ["active-user", "professional-user"]
    run(account, line(3, "role_taken", email=BEN["email"], roles="Agents"))
    assert held_by(BEN["email"]) == ["active-user"]
    causes = LedgerEntry.objects.filter(licence_name="Professional User").order_by("sequence")
    assert list(causes.values_list("cause", flat=True)) == [Cause.OPENING, Cause.ROLE, Cause.ROLE]


def test_what_was_done_by_hand_is_recognised_too(account):
    ben = given_user(account)
    pool = get_pool_by_key(account, "professional-user")
    at = datetime(2026, 5, 3, 9, tzinfo=UTC)
    assign_licence(pool=pool, user=ben, at=at, by=STAFF)
    said = line(3, "licence_assigned", email=ben.email, licence="professional-user")
    assert run(account, said) == HistoryImported({}, 1)


# What is refused


def test_the_rules_hold_for_every_line_and_all_errors_are_told(account):
    added = [
        line(1, "user_added", email=f"u{n}@x.example", first_name="U", last_name=str(n)) for n in range(5)
    ]
    taken = [
        line(2, "licence_assigned", email=f"u{n}@x.example", licence="professional-user") for n in range(5)
    ]
    assert errors_of(
        account,
        *added,
        *taken,
        line(3, "licence_assigned", email="u4@x.example", licence="agent-user"),
        line(3, "user_activated", email="u1@x.example"),
        line(3, "total_changed", licence="professional-user", total="1"),
        line(3, "licence_released", email="u1@x.example", licence="agent-user"),
        line(3, "user_deleted", email="ann.lee@northwind.example"),
        line(3, "role_given", email="u1@x.example", roles="Pilots"),
        line(3, "licence_assigned", email="u1@x.example", licence="nothing"),
        line(3, "licence_assigned", email="u1@x.example", licence="active-user"),
        line(3, "device_removed", device="Lobby", licence="wallboard"),
        line(3, "user_added", email="U1@x.example", first_name="U", last_name="Again"),
    ) == [
        (10, "licence"),
        (11, "licence"),
        (12, "licence"),
        (13, "change"),
        (14, "total"),
        (15, "licence"),
        (16, "email"),
        (17, "roles"),
        (18, "licence"),
        (19, "licence"),
        (20, "device"),
        (21, "email"),
    ]


def test_lines_that_follow_from_a_refused_one_are_counted_not_told(account):
    with pytest.raises(HistoryRefused) as refused:
        run(
            account,
            line(1, "user_added", **BEN | {"last_name": ""}),
            line(2, "licence_assigned", email=BEN["email"], licence="professional-user"),
            line(3, "device_added", device="Lobby", licence="nothing"),
            line(4, "device_removed", device="Lobby", licence="wallboard"),
        )
    assert [(error.line, error.column) for error in refused.value.errors] == [
        (2, "last_name"),
        (4, "licence"),
    ]
    assert refused.value.following == 2


def test_a_new_line_before_what_is_recorded_is_refused(account):
    run(account, *EVERYTHING[:4])
    late = line(2, "user_added", email="late@x.example", first_name="L", last_name="Ate")
    assert errors_of(account, *EVERYTHING[:4], late) == [(6, "at")]
    assert "2026-05-03 09:00:00 UTC" in message_of(account, late)


def test_an_address_of_another_account_is_refused(account):
    stranger = given_user(given_account("Southwind"))
    assert errors_of(account, line(1, "user_added", **BEN | {"email": stranger.email})) == [(2, "email")]


def test_another_account_s_people_and_devices_do_not_exist(account):
    southwind = given_account("Southwind", pools=[NewPool(given_licence_type("professional-user"), 3)])
    run(account, *EVERYTHING[:1], *EVERYTHING[10:12])
    assert errors_of(
        southwind,
        line(12, "user_deactivated", email=BEN["email"]),
        line(12, "device_removed", device="Lobby", licence="wallboard"),
    ) == [(2, "email"), (3, "licence")]


def test_a_deactivated_user_takes_nothing(account):
    run(account, *EVERYTHING[:1])
    ben = User.objects.get(email=BEN["email"])
    deactivate_users(account=account, user_ids=[ben.pk], at=datetime(2026, 5, 2, tzinfo=UTC), by=STAFF)
    said = line(3, "licence_assigned", email=BEN["email"], licence="professional-user")
    assert errors_of(account, said) == [(2, "email")]


def test_the_last_administrator_stays(account):
    """C21: under every path, this one too."""
    ann = "ann.lee@northwind.example"
    assert errors_of(account, line(1, "role_taken", email=ann, roles="Administrator")) == [(2, "roles")]
    assert errors_of(account, line(1, "user_deactivated", email=ann)) == [(2, "email")]
