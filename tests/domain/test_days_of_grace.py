"""Days of grace: who may use what after the last day, the same for pages, programs, statements and rules, told once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences import refusals
from seatledger.domain.licences.access import grace, grace_values, usable
from seatledger.domain.licences.actions import assign_licence, change_expiry, note_endings
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import (
    Why,
    find_access,
    find_ended_for_operator,
    get_account_type,
    today_of,
)
from seatledger.domain.licences.queries.truth import find_disagreements
from seatledger.domain.staff.queries.accounts import (
    AccountSearch,
    find_accounts_for_operator,
)
from seatledger.domain.staff.queries.figures import get_figures_for_operator
from seatledger.domain.staff.queries.states import AccountState
from seatledger.engine.access import Holding, Stage
from seatledger.engine.days import start_of_day
from support import (
    AT,
    STAFF,
    SYSTEM,
    bound_to,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_user,
    run_together,
)

pytestmark = pytest.mark.django_db

LAST = date(2026, 3, 31)
ZONES = ["Europe/London", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"]


@pytest.fixture(autouse=True)
def _grace(settings):
    settings.SEATLEDGER_GRACE_AFTER_TRIAL, settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 3, 7


def over_at(account: Account, day: date) -> datetime:
    """Return the first instant after a day of the account."""
    return start_of_day(day + timedelta(days=1), ZoneInfo(account.time_zone))


def usable_by_statement(at: datetime) -> dict[str, bool]:
    """Return which pools may be used at an instant, by the condition of statements."""
    statement = f"""SELECT pool.id::text, {usable("pool", "account")} FROM licences_pool pool
      JOIN accounts_account account ON account.id = pool.account_id"""  # noqa: S608 -- names of this file
    with connection.cursor() as cursor:
        cursor.execute(statement, {"at": at} | grace_values())
        return dict(cursor.fetchall())


def test_statements_and_rules_agree_on_every_pool_around_every_edge():
    for zone in ZONES:
        account = given_account(f"In {zone}", time_zone=zone)
        for terms in Terms:
            given_pool(account, given_licence_type(terms.value), expires_on=LAST, terms=terms)
            given_pool(account, given_licence_type(f"{terms}-no-end"), terms=terms)
    pools = list(Pool.objects.select_related("account"))
    edges = {over_at(pool.account, LAST + timedelta(days=days)) for pool in pools for days in (0, 3, 7)}
    instants = [edge + timedelta(microseconds=step) for edge in edges for step in (-1, 0)]
    for at in instants:
        found = usable_by_statement(at)
        for pool in pools:
            stage = Holding(pool.terms, pool.expires_on).stage_on(today_of(pool.account, at), grace())
            assert found[str(pool.pk)] == (stage != Stage.OVER), (pool.account.time_zone, pool.terms, at)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("terms", "days", "kind"), [("trial", 3, "trial"), ("paid", 7, "active")])
def test_an_account_is_expired_from_the_first_instant_after_its_grace(zone, terms, days, kind):  # A10
    account = given_account("Northwind", time_zone=zone)
    given_pool(account, expires_on=LAST, terms=Terms(terms))
    edge = over_at(account, LAST + timedelta(days=days))
    moment = timedelta(microseconds=1)
    assert [get_account_type(account, at) for at in (over_at(account, LAST), edge - moment, edge)] == [
        kind,
        kind,
        "expired",
    ]


def test_the_consoles_list_and_figures_say_what_the_account_says():  # A10
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST, terms=Terms.TRIAL)
    neighbour = given_account("Contoso")
    given_pool(neighbour, expires_on=LAST)
    for day in (LAST, LAST + timedelta(days=3), LAST + timedelta(days=4), LAST + timedelta(days=8)):
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
        types = {each.name: get_account_type(each, at) for each in (account, neighbour)}
        for state in (AccountState.TRIAL, AccountState.ACTIVE, AccountState.EXPIRED):
            rows = find_accounts_for_operator(AccountSearch(state=state), after=None, limit=9, at=at).rows
            listed = {row.account.name for row in rows}
            assert listed == {name for name, kind in types.items() if kind == state}, (day, state)
            assert {row.state for row in rows} <= {state}
        figures = get_figures_for_operator(at)
        kinds = list(types.values())
        assert (figures.on_trial, figures.active, figures.expired) == tuple(
            kinds.count(kind) for kind in ("trial", "active", "expired")
        )


def test_licences_can_be_used_and_assigned_until_their_grace_is_over():
    account = given_account("Northwind")
    pool, ben = given_pool(account, expires_on=LAST), given_user(account, "Ben Okoro")
    edge = over_at(account, LAST + timedelta(days=7))
    with pytest.raises(refusals.LicencesExpired, match="expired on 31 March 2026"):
        assign_licence(pool=pool, user=ben, at=edge, by=STAFF)
    assert assign_licence(pool=pool, user=ben, at=edge - timedelta(seconds=1), by=STAFF).user == ben


def test_a_program_is_told_what_holds_at_each_edge():
    account, key = given_account("Northwind"), "professional-user"
    pool, ben = given_pool(account, expires_on=LAST), given_user(account, "Ben Okoro")
    assign_licence(pool=pool, user=ben, at=AT, by=STAFF)
    first, last = over_at(account, LAST), over_at(account, LAST + timedelta(days=7))
    moment = timedelta(microseconds=1)

    def ask(at: datetime, holder: str = ben.email) -> tuple[bool, str]:
        found = find_access(account, licence_type=key, holder=holder, at=at)
        return found.is_allowed, found.why

    assert ask(first - moment) == (True, Why.HELD)
    assert ask(first) == (True, Why.IN_GRACE)
    assert ask(last - moment) == (True, Why.IN_GRACE)
    assert ask(last) == (False, Why.EXPIRED)
    assert ask(AT, "nobody@northwind.example") == (False, Why.NOT_HELD)
    said = find_access(account, licence_type=key, holder=ben.email.upper(), at=first)
    assert (said.last_day, said.until) == (LAST, date(2026, 4, 7))
    Account.objects.filter(pk=account.pk).update(lapsed_at=AT)
    account.refresh_from_db()
    assert ask(first - moment) == (False, Why.ACCOUNT_LAPSED)
    Account.objects.filter(pk=account.pk).update(closed_at=AT)
    account.refresh_from_db()
    assert ask(first - moment) == (False, Why.ACCOUNT_CLOSED)


def test_a_device_is_asked_for_by_its_name_and_a_neighbours_is_not_seen():
    account, neighbour = given_account("Northwind"), given_account("Contoso")
    given_pool(account, given_device_type(), total_licences=3)
    given_device(given_pool(neighbour, given_device_type(), total_licences=3), "Reception")
    asked = {"licence_type": "wallboard", "holder": "Reception", "at": AT}
    with bound_to(account):
        assert find_access(account, **asked).why == Why.NOT_HELD
    with bound_to(neighbour):
        assert find_access(neighbour, **asked).why == Why.HELD


def test_who_does_not_pay_or_is_closed_has_no_grace():
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST)
    at = over_at(account, LAST)
    assert get_account_type(account, at) == "active"
    for stopped in ("lapsed_at", "closed_at"):
        Account.objects.filter(pk=account.pk).update(lapsed_at=None, closed_at=None)
        Account.objects.filter(pk=account.pk).update(**{stopped: AT})
        assert get_account_type(Account.objects.get(pk=account.pk), at) == "expired"


# Events


def watch(at: datetime) -> list[str]:
    """Do what the job does at an instant; returns the kinds of what was recorded."""
    found = Account.objects.filter(pk__in=find_ended_for_operator(at))
    return [what.kind() for each in found for what in note_endings(account=each, at=at, by=SYSTEM)]


@pytest.mark.parametrize("zone", ZONES)
def test_the_end_and_the_end_of_access_are_recorded_once_each_at_their_instant(zone):
    account = given_account("Northwind", time_zone=zone)
    pool = given_pool(account, expires_on=LAST)
    first, last = over_at(account, LAST), over_at(account, LAST + timedelta(days=7))
    moment, hour = timedelta(microseconds=1), timedelta(hours=1)
    assert watch(first - moment) == []
    assert [watch(first), watch(first + hour), watch(last - moment)] == [["licences_ended"], [], []]
    assert [watch(last + hour), watch(last + hour)] == [["access_ended"], []]
    ended, over = Event.objects.filter(account=account, kind__endswith="_ended").order_by("sequence")
    assert (ended.at, over.at) == (first, last)
    facts = {
        "pool_id": str(pool.pk),
        "terms": "paid",
        "last_day": "2026-03-31",
        "access_until": "2026-04-07",
    }
    assert ended.payload == facts
    assert over.payload == facts | {"account_type": "expired"}
    assert find_disagreements(account) == []


def test_without_grace_both_are_recorded_at_once(settings):
    settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 0
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST)
    assert watch(over_at(account, LAST)) == ["licences_ended", "access_ended"]


def test_what_was_renewed_in_its_grace_ends_again_later_and_no_access_ended():
    account = given_account("Northwind")
    pool = given_pool(account, expires_on=LAST)
    assert watch(over_at(account, LAST)) == ["licences_ended"]
    renewed_at = over_at(account, LAST) + timedelta(days=2)
    change_expiry(pool=pool, expires_on=date(2026, 6, 30), reason="", at=renewed_at, by=STAFF)
    assert watch(over_at(account, LAST + timedelta(days=7))) == []
    assert watch(over_at(account, date(2026, 6, 30))) == ["licences_ended"]


def test_what_ended_long_ago_is_no_news():
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST)
    assert watch(over_at(account, LAST) + timedelta(days=40)) == []


def test_of_who_does_not_pay_or_is_closed_nothing_is_recorded():
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST)
    at = over_at(account, LAST)
    for stopped in ("lapsed_at", "closed_at"):
        Account.objects.filter(pk=account.pk).update(lapsed_at=None, closed_at=None)
        Account.objects.filter(pk=account.pk).update(**{stopped: AT})
        assert watch(at) == []
        fresh = Account.objects.get(pk=account.pk)
        assert note_endings(account=fresh, at=at, by=SYSTEM) == []


@pytest.mark.django_db(transaction=True)
def test_jobs_at_one_moment_record_an_end_once():
    account = given_account("Northwind")
    given_pool(account, expires_on=LAST)
    at = over_at(account, LAST)
    run_together(*[lambda: note_endings(account=account, at=at, by=SYSTEM)] * 6)
    assert Event.objects.filter(kind="licences_ended").count() == 1
