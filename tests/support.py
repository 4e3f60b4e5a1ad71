"""Plain setup for every test: accounts, pools, people, and calls that start at one moment.

Everything is made by the real actions. Each account's first user is its administrator, Ann Lee.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection, connections, transaction
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from seatledger.domain.accounts.branding import NewBrand, change_brand
from seatledger.domain.accounts.models import Account, AccountKind
from seatledger.domain.catalogue.models import ChargeModel, HeldBy, LicenceType, MetricGroup, Product
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import (
    NewAccount,
    NewPool,
    NewUser,
    add_device,
    add_user,
    open_account,
    open_pools,
)
from seatledger.domain.licences.models import Device, Pool, Terms
from seatledger.domain.people.actions import create_role
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.people.permissions import Permission
from seatledger.shared.boundary import bind_account, unbind
from seatledger.shared.errors import Refused

# The instant at which setup happens: a Monday morning, before anything that a test does.
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
NEXT_DAY = AT + timedelta(days=1)
NEXT_MONTH = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

Row = TypeVar("Row", bound=Model)
Call = Callable[[], object]

STAFF = Actor.admin_team()
SYSTEM = Actor.system()


def given_licence_type(key: str = "professional-user", **properties: Any) -> LicenceType:
    """Return the licence type `key`, made with these properties unless it is there already."""
    product, _ = Product.objects.get_or_create(key="suite", defaults={"name": "Suite"})
    stated = {
        "product": product,
        "name": key.replace("-", " ").title(),
        "metric_group": MetricGroup.USERS,
        "charge_model": ChargeModel.PREPAID,
    }
    needs: Sequence[LicenceType] = properties.pop("needs", ())
    kind, made = LicenceType.objects.get_or_create(key=key, defaults=stated | properties)
    if made:
        kind.needs.set(needs)
    return kind


def given_device_type(key: str = "wallboard", **properties: Any) -> LicenceType:
    """Return a licence type that devices hold, up to a maximum."""
    stated = {
        "held_by": HeldBy.DEVICE,
        "metric_group": MetricGroup.DEVICES,
        "charge_model": ChargeModel.CAPPED,
    }
    return given_licence_type(key, **stated | properties)


def given_account(
    name: str = "Northwind",
    *,
    pools: Sequence[NewPool] = (),
    kind: AccountKind = AccountKind.CUSTOMER,
    provider: Account | None = None,
    time_zone: str = "Europe/London",
    region: str = "eu",
) -> Account:
    """Open an account whose administrator and main contact is Ann Lee, `ann.lee@NAME.example`."""
    account, _ = open_account(
        new=NewAccount(name=name, region=region, kind=kind, provider=provider, time_zone=time_zone),
        administrator=NewUser("Ann", "Lee", email_of("Ann Lee", name)),
        pools=pools,
        at=AT,
        by=STAFF,
    )
    return account


def given_provider(name: str = "Harbour Partners") -> Account:
    return given_account(name, kind=AccountKind.PROVIDER)


def given_brand(provider: Account, **said: Any) -> Account:
    """Give a provider a brand; without more, its own word for a product."""
    change_brand(account=provider, new=NewBrand(**said or {"words": {"UcClient": "Parley"}}), at=AT, by=STAFF)
    return provider


def email_of(full_name: str, account_name: str) -> str:
    """Return the address that a person of an account has in tests."""
    host = "".join(letter for letter in account_name.lower() if letter.isalnum())
    return f"{full_name.lower().replace(' ', '.')}@{host}.example"


def given_pool(
    account: Account | None = None,
    licence_type: LicenceType | None = None,
    *,
    total_licences: int | None = 10,
    terms: Terms = Terms.PAID,
    expires_on: date | None = None,
) -> Pool:
    """Let an account (a new one unless given) hold licences of a type (Professional User unless given)."""
    kind = licence_type or given_licence_type()
    new = NewPool(kind, total_licences, terms, expires_on)
    return open_pools(account=account or given_account(), pools=[new], at=AT, by=STAFF)[0]


def given_user(
    account: Account,
    name: str = "Ben Okoro",
    *,
    roles: Collection[Role] = (),
    active: bool = True,
    at: datetime = AT,
) -> User:
    """Add a user, who is not invited, to an account."""
    first_name, _, last_name = name.partition(" ")
    new = NewUser(
        first_name,
        last_name,
        email_of(name, account.name),
        active=active,
        invite=False,
        role_ids=[role.pk for role in roles],
    )
    return add_user(account=account, new=new, at=at, by=STAFF)


def given_users(account: Account, number: int, *, first: int = 1) -> list[User]:
    """Add users named User 1, User 2 and so on."""
    return [given_user(account, f"User {index}") for index in range(first, first + number)]


def given_administrator(account: Account, name: str = "Cleo Marsh", *, at: datetime = AT) -> User:
    """Add a further administrator."""
    return given_user(account, name, roles=[administrator_role(account)], at=at)


def given_role(
    account: Account, name: str = "Helpdesk", *, permissions: Collection[str] = (Permission.USERS_VIEW,)
) -> Role:
    return create_role(account=account, name=name, description="", permissions=permissions, at=AT, by=STAFF)


def given_device(
    pool: Pool, name: str = "Lobby screen", *, user: User | None = None, at: datetime = AT
) -> Device:
    return add_device(pool=pool, name=name, user=user, at=at, by=STAFF)


def administrator_role(account: Account) -> Role:
    return Role.objects.get(account=account, built_in=BuiltInRole.ADMINISTRATOR)


def administrator_of(account: Account) -> User:
    """Return Ann Lee, the account's first administrator and main contact."""
    return User.objects.get(account=account, email=email_of("Ann Lee", account.name))


def actor_of(user: User) -> Actor:
    """Return the user as the one who does something."""
    return Actor.user(user.pk)


def refreshed(row: Row) -> Row:
    """Return the row as it is stored now."""
    row.refresh_from_db()
    return row


@contextmanager
def bound_to(account: Account | None, *, door: str = "") -> Iterator[None]:
    """Run what is inside as the web role, seeing the rows of one account only (None: no account's)."""
    with transaction.atomic():
        bind_account(account.pk if account else None, door=door)
        yield
        unbind()


@contextmanager
def for_the_whole_file(blocker: DjangoDbBlocker, make: Call) -> Iterator[None]:
    """Make something that stays for every test inside: what a test does to it is undone, and all of it at the end.

    For a fixture of a file's whole length; none of the file's tests may commit, and all of them have it before them.
    """
    with blocker.unblock(), transaction.atomic():
        make()
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@contextmanager
def racers(number: int) -> Iterator[Callable[..., list[object]]]:
    """Keep threads, each with a connection of its own, for rounds of calls that start at one moment.

    What is given runs `number` calls and returns what each returned, or the `Refused` it raised, in their order. Any
    other exception is a failure of the test and is raised. Needs `django_db(transaction=True)`.
    """
    start = Barrier(number)

    def run(call: Call) -> object:
        connections["default"].ensure_connection()
        start.wait(timeout=30)
        try:
            return call()
        except Refused as refusal:
            return refusal

    def leave() -> None:
        start.wait(timeout=30)
        connections.close_all()

    # Every call waits for the others, so each thread takes one.
    with ThreadPoolExecutor(number) as threads:

        def run_round(*calls: Call) -> list[object]:
            assert len(calls) == number, "one call for each thread"
            return [future.result() for future in [threads.submit(run, call) for call in calls]]

        try:
            yield run_round
        finally:
            for future in [threads.submit(leave) for _ in range(number)]:
                future.result()


def run_together(*calls: Call) -> list[object]:
    """Start every call at one moment, each on a connection of its own; one round of `racers`."""
    with racers(len(calls)) as run_round:
        return run_round(*calls)


def count_of(kind: type, outcomes: Sequence[object]) -> int:
    """Return how many outcomes are of a kind: `count_of(NoLicenceAvailable, outcomes)`."""
    return sum(isinstance(outcome, kind) for outcome in outcomes)
