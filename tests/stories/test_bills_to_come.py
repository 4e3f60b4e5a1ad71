"""A provider's next bill for all its customers: what it says beforehand is what is billed then, to the penny."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from charging import documents_of, draft_of, given_vendor, noon, run
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanVersion
from seatledger.domain.invoices.actions import agree_one_bill, end_one_bill
from seatledger.domain.invoices.drafts import digest_of
from seatledger.domain.invoices.models import AccountBilling, Document, Line
from seatledger.domain.invoices.queries import preview_next
from seatledger.domain.licences.actions import assign_licence, change_total
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.subscriptions.actions import PlanChoice, change_plan, schedule_quantity
from seatledger.domain.subscriptions.models import Change, Subscription, TakesEffect
from seatledger.shared.boundary import ONE_BILL, through_door
from selling import given_plan, given_subscription
from support import STAFF, bound_to, given_account, given_licence_type, given_provider, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vendor():
    return given_vendor(percent="20")


@pytest.fixture
def plan() -> PlanVersion:
    return given_plan("flexible", [(given_licence_type(), 5, {"month": "12.00", "year": "120.00"})])


@pytest.fixture
def arrears() -> PlanVersion:
    kind = given_licence_type("desk", charge_model="active")
    return given_plan("by-use", [(kind, None, {"month": "3.00"})])


@pytest.fixture
def harbour(plan, arrears) -> Account:
    """A provider with customers by number, by use, in another currency, and a neighbour with one of its own."""
    provider = given_provider("Harbour")
    for name, seats in (("Alder", 10), ("Birch", 5)):
        account = given_account(name, provider=provider)
        given_subscription(
            account, version=plan, quantities={"professional-user": seats}, at=noon("2026-04-01")
        )
    cedar = given_account("Cedar", provider=provider)
    given_subscription(cedar, version=arrears, at=noon("2026-04-01"))
    ben = given_user(cedar, "Ben Okoro", at=noon("2026-04-11"))
    pool = Pool.objects.get(account=cedar, licence_type__key="desk")
    assign_licence(pool=pool, user=ben, at=noon("2026-04-11"), by=STAFF)
    other = given_provider("Quay")
    given_subscription(given_account("Dune", provider=other), version=plan, at=noon("2026-04-01"))
    return provider


def agree(provider: Account, from_on: str, on: str) -> None:
    agree_one_bill(provider=provider, from_on=date.fromisoformat(from_on), at=noon(on), by=STAFF)


def customer(provider: Account, name: str) -> Account:
    return provider.customers.get(name=name)


def subscription_of(account: Account) -> Subscription:
    return Subscription.objects.select_related("account").get(account=account)


def foreseen(provider: Account, on: str) -> tuple[str, str, int]:
    """Return the day, the digest and the total of the next bill as the provider's own page works it out."""
    with bound_to(provider):
        draft = preview_next(provider, at=noon(on))
    assert draft is not None
    return draft.dated_on.isoformat(), digest_of(draft), draft.total_minor


def billed(provider: Account, on: str) -> tuple[str, str, int]:
    document = Document.objects.filter(account=provider, dated_on=on).get()
    return document.dated_on.isoformat(), digest_of(draft_of(document)), document.total_minor


def test_what_the_provider_reads_beforehand_is_what_it_is_billed(harbour):  # D24
    agree(harbour, "2026-05-01", "2026-03-20")
    run("2026-04-01")
    seen = foreseen(harbour, "2026-04-12")
    run("2026-05-01")
    # 10 and 5 at 12.00, with 20 % of tax; April's use is Cedar's own.
    assert seen == ("2026-05-01", seen[1], 21600)
    assert billed(harbour, "2026-05-01") == seen


def test_an_agreement_to_come_is_foreseen_with_its_first_bill_and_not_before(harbour):
    agree(harbour, "2026-06-01", "2026-04-02")
    seen = foreseen(harbour, "2026-04-12")
    assert seen[0] == "2026-06-01"
    for day in ("2026-04-12", "2026-05-01", "2026-06-01"):
        run(day)
    assert billed(harbour, "2026-06-01") == seen


def test_use_and_changes_in_the_month_are_on_it(harbour):
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    birch = Pool.objects.get(account__name="Birch", licence_type__key="professional-user")
    change_total(pool=birch, total=7, reason="As ordered", at=noon("2026-04-16"), by=STAFF)
    today = foreseen(harbour, "2026-04-16")
    run("2026-04-16", hour=13)
    assert billed(harbour, "2026-04-16") == today
    assert today[2] == 1440  # 2 x 12.00 x 15/30, with tax
    seen = foreseen(harbour, "2026-04-20")
    run("2026-05-01")
    assert billed(harbour, "2026-05-01") == seen
    # 120.00 + 84.00 + Cedar's use 20/30 x 3.00, with tax
    assert seen[2] == 24720


def test_what_is_agreed_for_the_renewal_is_on_it(harbour, plan):
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    alder, birch = (subscription_of(customer(harbour, name)) for name in ("Alder", "Birch"))
    schedule_quantity(subscription=alder, item=alder.items.get(), quantity=8, at=noon("2026-04-10"), by=STAFF)
    yearly = PlanChoice(version=plan, interval="year")
    change_plan(
        subscription=birch,
        choice=yearly,
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=noon("2026-04-10"),
        by=STAFF,
    )
    before = (Change.objects.filter(applied_at__isnull=True).count(), LedgerEntry.objects.count())
    seen = foreseen(harbour, "2026-04-20")
    assert (Change.objects.filter(applied_at__isnull=True).count(), LedgerEntry.objects.count()) == before
    run("2026-05-01")
    assert billed(harbour, "2026-05-01") == seen
    # 8 x 12.00, 5 x 120.00 x 335/365 for the rest of the year, and Cedar's 2.00, with tax
    assert seen[2] == 9600 + 55068 + 200 + 12974


def test_after_the_end_of_the_agreement_only_what_is_the_providers_is_on_it(harbour):
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    end_one_bill(provider=harbour, until_on=date(2026, 5, 1), at=noon("2026-04-20"), by=STAFF)
    seen = foreseen(harbour, "2026-04-21")
    run("2026-05-01")
    assert billed(harbour, "2026-05-01") == seen
    assert seen[2] == 240  # Cedar's use of April, billed in May
    assert [row.split(": ")[1] for row in documents_of(customer(harbour, "Alder"))] == ["120.00"]
    with bound_to(harbour):
        assert preview_next(harbour, at=noon("2026-05-02")) is None


def test_who_has_no_bill_for_all_reads_nothing_of_its_customers(harbour):
    run("2026-04-01")
    with bound_to(harbour):
        assert preview_next(harbour, at=noon("2026-04-02")) is None


def test_the_door_shows_the_own_customers_rows_and_changes_none(harbour):
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    quay = Account.objects.get(name="Quay")
    models = (Subscription, Change, LedgerEntry, AccountBilling)

    def others(account: Account) -> list[int]:
        return [model.objects.exclude(account=account).count() for model in models]

    with bound_to(harbour):
        assert others(harbour) == [0, 0, 0, 0]
        with through_door(ONE_BILL):
            assert all(others(harbour))
            names = Subscription.objects.values_list("account__name", flat=True)
            assert set(names) == {"Alder", "Birch", "Cedar"}
            assert Subscription.objects.update(ended_at=noon("2026-04-02")) == 0
            assert not Line.objects.exclude(account_id=harbour.pk).exists()
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                AccountBilling.objects.create(account=customer(harbour, "Alder"), next_on=date(2026, 4, 1))
        assert others(harbour) == [0, 0, 0, 0]
    with bound_to(quay), through_door(ONE_BILL):
        assert others(quay) == [0, 0, 0, 0]
    with bound_to(None), through_door(ONE_BILL):
        assert not Subscription.objects.exists()
    assert connection.in_atomic_block


def test_more_customers_take_no_more_statements(harbour, plan):
    agree(harbour, "2026-04-01", "2026-03-20")

    def statements() -> int:
        with bound_to(harbour), CaptureQueriesContext(connection) as asked:
            assert preview_next(harbour, at=noon("2026-04-02"))
        return len(asked)

    few = statements()
    for number in range(5):
        account = given_account(f"Elm {number}", provider=harbour)
        given_subscription(account, version=plan, at=noon("2026-04-01"))
    assert statements() == few
