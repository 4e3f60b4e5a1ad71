"""The second wall: what the database shows, changes and keeps, whatever a query forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model, QuerySet
from pytest_django import DjangoDbBlocker

from billing_rows import given_rows_of_billing
from hooks import given_rows_of_webhooks
from message_rows import given_rows_of_messages
from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.catalogue.models import LicenceType, Plan, PlanItem, PlanVersion, Price, Product
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import Document, Line, OneBill
from seatledger.domain.licences.actions import (
    NewUser,
    add_user,
    assign_licence,
    change_role_licences,
    delete_users,
    request_licences,
)
from seatledger.domain.licences.models import Assignment, LedgerEntry, Pool
from seatledger.domain.licences.queries import brand_words_of
from seatledger.domain.people.actions import EmailTaken, edit_user
from seatledger.domain.people.models import User
from seatledger.shared.boundary import SIGN_IN
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    bound_to,
    given_account,
    given_brand,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

CATALOGUE: list[type[Model]] = [*apps.get_app_config("catalogue").get_models(include_auto_created=True)]
OF_AN_ACCOUNT = [
    model
    for model in apps.get_models(include_auto_created=True)
    if any(field.column == "account_id" for field in model._meta.concrete_fields)
]
APPEND_ONLY = [Event, LedgerEntry]
# Drafts may change; what was issued, as the rows here were, may not.
ISSUED = [Document, Line]
# What belongs to nobody, or to the machinery: each is here because someone thought about it.
NO_WALL = {
    *[model._meta.db_table for model in CATALOGUE],
    # The sandbox's own books: those of an outside world, which knows none of our accounts.
    *[model._meta.db_table for model in apps.get_app_config("sandbox").get_models()],
    *("auth_group", "auth_group_permissions"),
    "auth_permission",
    "cache_entries",
    "cell",
    "quiet",
    "django_content_type",
    "django_migrations",
    "django_session",
    "invoices_billingrun",
    "invoices_numberseries",
    "invoices_seller",
    "invoices_sellerchange",
    "invoices_taxrule",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}

each_table = pytest.mark.parametrize("model", OF_AN_ACCOUNT, ids=lambda model: model._meta.db_table)
each_chain = pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.db_table)


def furnish(account: Account) -> None:
    """Give an account a row in every table that has accounts' rows."""
    pool = given_pool(account)
    user = given_user(account)
    assign_licence(pool=pool, user=user, at=AT, by=STAFF)
    given_device(given_pool(account, given_device_type()), user=user)
    role_type = given_licence_type("helpdesk-licence")
    given_pool(account, role_type)
    change_role_licences(role=given_role(account), licence_type_ids=[role_type.pk], at=AT, by=STAFF)
    request_licences(account=account, licence_type=role_type, number=2, note="", at=AT, by=STAFF)
    given_rows_of_messages(account, user, pool)
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key=account.serial_number)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    given_rows_of_billing(account, pool)
    given_rows_of_webhooks(account)


@dataclass
class Street:
    northwind: Account
    southwind: Account


@pytest.fixture(scope="module")
def street_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Street]:
    with django_db_blocker.unblock(), transaction.atomic():
        here = Street(given_account("Northwind"), given_account("Southwind"))
        furnish(here.northwind)
        furnish(here.southwind)
        yield here
        transaction.set_rollback(True)


@pytest.fixture
def street(street_once: Street, db: None) -> Street:
    """Two accounts that do not know each other, each with a row in every table."""
    return street_once


def accounts_seen(model: type[Model]) -> set[object]:
    return set(QuerySet(model).values_list("account_id", flat=True))


def test_every_table_has_a_wall_or_a_reason_to_have_none(db: None):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relrowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == NO_WALL


@each_table
def test_a_bound_transaction_sees_the_rows_of_its_account_alone(model: type[Model], street: Street):
    assert accounts_seen(model) == {street.northwind.pk, street.southwind.pk}
    with bound_to(street.northwind):
        assert accounts_seen(model) == {street.northwind.pk}
    with bound_to(None):
        assert accounts_seen(model) == set()


@each_table
def test_a_row_of_another_account_cannot_be_added(model: type[Model], street: Street):
    row = QuerySet(model).filter(account_id=street.southwind.pk).first()
    assert row is not None
    if model._meta.pk.column == "id":
        row.pk = uuid4() if model._meta.pk.get_internal_type() == "UUIDField" else None
    with (
        pytest.raises(ProgrammingError, match=r"row-level security policy|permission denied"),
        bound_to(street.northwind),
    ):
        row.save(force_insert=True)


@each_table
def test_a_change_without_a_filter_reaches_no_other_account(model: type[Model], street: Street):
    if not may(model, "UPDATE"):
        with pytest.raises(ProgrammingError, match="permission denied"), bound_to(street.northwind):
            run(model, "UPDATE {table} SET account_id = account_id")
        return
    mine = QuerySet(model).filter(account_id=street.northwind.pk).count()
    if model in ISSUED:
        with pytest.raises(IntegrityError, match="never changed"), bound_to(street.northwind):
            run(model, "UPDATE {table} SET account_id = account_id")
        return
    with bound_to(street.northwind):
        assert run(model, "UPDATE {table} SET account_id = account_id") == mine
    with (
        pytest.raises((ProgrammingError, IntegrityError), match=r"row-level security policy|never changed"),
        bound_to(street.northwind),
    ):
        run(model, "UPDATE {table} SET account_id = %s", street.southwind.pk)


@each_table
def test_a_row_of_another_account_cannot_be_removed(model: type[Model], street: Street):
    statement = "DELETE FROM {table} WHERE account_id = %s"
    if may(model, "DELETE"):
        with bound_to(street.northwind):
            assert run(model, statement, street.southwind.pk) == 0
    else:
        with pytest.raises(ProgrammingError, match="permission denied"), bound_to(street.northwind):
            run(model, statement, street.southwind.pk)


def may(model: type[Model], what: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('seatledger_web', %s, %s)", [model._meta.db_table, what])
        return bool(cursor.fetchone()[0])


def run(model: type[Model], statement: str, *parameters: object) -> int:
    """Run a statement that names the model's table `{table}`; returns how many rows it reached."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table), parameters or None)
        return cursor.rowcount


def test_an_account_sees_itself_alone(street: Street):
    with bound_to(street.northwind):
        assert list(Account.objects.all()) == [street.northwind]
    with bound_to(None):
        assert list(Account.objects.all()) == []


@pytest.mark.parametrize("model", [EmailAddress, Authenticator, EmailConfirmation])
def test_what_people_sign_in_with_is_seen_with_the_person(model: type[Model], street: Street):
    assert QuerySet(model).count() == 2
    with bound_to(street.northwind):
        assert QuerySet(model).count() == 1
    with bound_to(None):
        assert QuerySet(model).count() == 0
    with bound_to(None, door=SIGN_IN):
        assert QuerySet(model).count() == 2


# Providers


@pytest.fixture
def harbour(street: Street) -> Account:
    """A provider with a furnished customer; Northwind and Southwind are strangers to it."""
    provider = given_provider("Harbour Partners")
    furnish(provider)
    given_brand(provider, words={"UcClient": "Harbour Talk"}, address="harbour")
    furnish(given_account("Quayside", provider=provider))
    return provider


# D24
def test_a_provider_sees_its_customers_and_their_pools_and_no_more(harbour: Account):
    customer = Account.objects.get(name="Quayside")
    with bound_to(harbour):
        assert set(Account.objects.all()) == {harbour, customer}
        assert accounts_seen(Pool) == {harbour.pk, customer.pk}
        for model in set(OF_AN_ACCOUNT) - {Pool}:
            assert accounts_seen(model) == {harbour.pk}, model


# D24
def test_a_customer_sees_its_providers_brand_who_pays_and_nothing_else_of_it(harbour: Account):
    customer = Account.objects.get(name="Quayside")
    with bound_to(customer):
        assert set(Account.objects.all()) == {customer}
        assert accounts_seen(Brand) == {customer.pk, harbour.pk}
        assert Brand.objects.filter(account=harbour).update(name="Ours") == 0
        assert OneBill.objects.filter(account=harbour).update(currency="EUR") == 0
        for model in set(OF_AN_ACCOUNT) - {Brand, OneBill}:
            assert accounts_seen(model) == {customer.pk}, model
        assert brand_words_of(Account.objects.get(pk=customer.pk)) == {"UcClient": "Harbour Talk"}


def test_a_provider_cannot_take_a_strangers_pool(harbour: Account, street: Street):
    with bound_to(harbour):
        assert Pool.objects.filter(account=street.northwind).update(total_licences=99) == 0
        assert Account.objects.filter(pk=street.northwind.pk).update(provider=harbour) == 0


# The sign-in door


def test_the_door_finds_a_user_of_any_account_by_address(street: Street):
    wanted = administrator_of(street.southwind)
    with bound_to(None, door=SIGN_IN):
        assert User.objects.get_by_natural_key(wanted.email.upper()) == wanted
        assert User.objects.filter(pk=wanted.pk).update(last_login=AT) == 1


def test_the_door_opens_to_nothing_but_people(street: Street):
    with bound_to(None, door=SIGN_IN):
        for model in set(OF_AN_ACCOUNT) - {User, Brand}:
            assert accounts_seen(model) == set(), model
        assert list(Account.objects.all()) == []
        assert User.objects.filter(pk=administrator_of(street.northwind).pk).delete()[0] == 0


def test_the_door_does_not_find_who_was_deleted(street: Street):
    gone = User.objects.get(account=street.northwind, first_name="Ben")
    delete_users(account=street.northwind, user_ids=[gone.pk], at=LATER, by=STAFF)
    with bound_to(None, door=SIGN_IN):
        assert not User.objects.filter(pk=gone.pk).exists()


def test_the_door_lets_nobody_add_a_user(street: Street):
    row = administrator_of(street.northwind)
    row.pk, row.email = uuid4(), "new@northwind.example"
    with pytest.raises(ProgrammingError, match="row-level security"), bound_to(None, door=SIGN_IN):
        row.save(force_insert=True)


def test_an_account_of_any_other_name_opens_no_door(street: Street):
    with bound_to(None, door="anything"):
        assert not User.objects.exists()


# Actions work behind the wall as they do in front of it


def test_an_address_of_another_account_is_refused_though_it_cannot_be_seen(street: Street):
    taken = administrator_of(street.southwind).email
    with bound_to(street.northwind):
        with pytest.raises(EmailTaken):
            add_user(account=street.northwind, new=NewUser("Eve", "Moss", taken), at=LATER, by=STAFF)
        own = User.objects.get(first_name="Ben")
        with pytest.raises(EmailTaken):
            edit_user(user=own, details={"email": taken.upper()}, at=LATER, by=STAFF)


def test_licences_are_assigned_and_the_ledger_written_behind_the_wall(street: Street):
    with bound_to(street.northwind):
        user = given_user(street.northwind, "Eve Moss")
        assign_licence(
            pool=Pool.objects.get(licence_type__key="professional-user"), user=user, at=AT, by=STAFF
        )
    assert Assignment.objects.filter(user=user).count() == 2


# What is written stays


@each_chain
@pytest.mark.parametrize("change", ["UPDATE {table} SET at = now()", "DELETE FROM {table}"])
def test_not_even_the_owner_rewrites_what_happened(model: type[Model], change: str, street: Street):
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        run(model, change)


@each_chain
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET at = now()", "DELETE FROM {table}", "TRUNCATE {table}"]
)
@pytest.mark.parametrize("role", ["seatledger_web", "seatledger_staff"])
def test_neither_role_rewrites_what_happened(model: type[Model], change: str, role: str, street: Street):
    with pytest.raises(ProgrammingError, match="permission denied"), become(role):
        run(model, change)


@pytest.mark.parametrize("role", ["seatledger_web", "seatledger_staff"])
@pytest.mark.parametrize("change", ["UPDATE {table} SET sequence = 0", "DELETE FROM {table}"])
def test_the_heads_of_chains_are_written_by_the_chain_alone(change: str, role: str, street: Street):
    with pytest.raises(ProgrammingError, match="permission denied"), become(role):
        run(apps.get_model("events", "ChainHead"), change)


def test_staff_see_every_account(street: Street):
    with become("seatledger_staff"):
        assert accounts_seen(User) == {street.northwind.pk, street.southwind.pk}
        assert Account.objects.count() == 2


@contextmanager
def become(role: str) -> Iterator[None]:
    """Run what is inside as a role, bound to no account."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        yield
        cursor.execute("SELECT set_config('role', 'none', true)")


# The catalogue


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model._meta.db_table)
def test_the_web_reads_the_catalogue_and_changes_nothing(model: type[Model], street: Street):
    with bound_to(street.northwind):
        QuerySet(model).count()
    for change in (
        "UPDATE {table} SET id = id",
        "DELETE FROM {table}",
        "INSERT INTO {table} DEFAULT VALUES",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), bound_to(street.northwind):
            run(model, change)


@pytest.mark.parametrize("model", [PlanVersion, PlanItem, Price])
def test_a_version_with_its_prices_is_never_changed(model: type[Model], db: None):
    product = Product.objects.create(key="desk", name="Desk")
    version = PlanVersion.objects.create(
        plan=Plan.objects.create(product=product, key="team", name="Team"), number=1, effective_on=AT.date()
    )
    kind = LicenceType.objects.create(product=product, key="seat", name="Seat", charge_model="prepaid")
    item = PlanItem.objects.create(version=version, licence_type=kind, licences=5)
    Price.objects.create(item=item, currency="GBP", interval="month", unit_amount="12.5")
    for change in ("UPDATE {table} SET id = id", "DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            run(model, change)
