"""What a customer buys by himself: told what it costs, and done when he confirms just that."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from buying import CARD, EXPIRED_CARD, MONTH, TRANSFER, YEAR, given_enterprise, given_method
from charging import given_vendor, in_words, noon
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.limits import UnlikelyNumber
from seatledger.domain.licences.models import Terms
from seatledger.domain.payments.actions import (
    EndOrder,
    NotSoldByNumber,
    NoWayToPay,
    NumberOrder,
    PlanOrder,
    QuoteChanged,
    SoldByContract,
    TrialNotBought,
    TrialOrder,
    place_order,
    quote_order,
)
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import Change, SoldBy, TakesEffect
from seatledger.domain.subscriptions.refusals import NothingChanges
from seatledger.engine.words import describe_line
from seatledger.shared.errors import NotFound
from selling import business, given_subscription, team
from support import STAFF, actor_of, administrator_of, given_account, refreshed

pytestmark = pytest.mark.django_db
MARCH_1, MARCH_21 = noon("2026-03-03"), noon("2026-03-23")


def ten_from_the_third(sold_by=SoldBy.ONLINE, method=CARD):
    """Ten licences at 12.00 a month from 3 March 2026, billed, and a way to pay."""
    given_vendor()
    account = given_account()
    subscription = given_subscription(
        account, quantities={"professional-user": 10}, sold_by=sold_by, at=MARCH_1
    )
    bill_account(account=account, at=MARCH_1, by=STAFF)
    if method:
        given_method(account, method)
    return account, subscription.items.get()


def order_of(item, number):
    return NumberOrder(item.pk, number)


def ask(account, order, at=MARCH_21):
    return quote_order(account=account, order=order, at=at, by=actor_of(administrator_of(account)))


def place(account, order, expected, at=MARCH_21):
    by = actor_of(administrator_of(account))
    return [
        in_words(one) for one in place_order(account=account, order=order, expected=expected, at=at, by=by)
    ]


def figures(quote):
    """Return what is charged now and by the next document, in minor units, and when."""
    following = quote.following
    return quote.net_minor, following and (following.net_minor, f"{following.dated_on:%d %B}")


def rows():
    return [list(table.objects.order_by("pk").values_list()) for table in (Document, Change, Event)]


def test_two_more_are_told_to_the_cent_and_charged_so():  # A19, E11
    account, item = ten_from_the_third()
    order = order_of(item, 12)
    quote = ask(account, order)
    # 2 x 12.00 x 11/31 now, 12 x 12.00 from the renewal
    assert figures(quote) == (852, (14400, "03 April"))
    assert [describe_line(line.charge.line) for line in quote.due[0].lines] == [
        "2 seats, 23 March to 2 April 2026"
    ]
    assert place(account, order, quote.digest) == ["INV-2 on 2026-03-23: 8.52"]
    assert refreshed(item.pool).total_licences == 12
    [renewal] = bill_account(account=account, at=noon("2026-04-03"), by=STAFF)
    assert renewal.net_minor == 14400


def test_asking_changes_nothing():
    account, item = ten_from_the_third()
    before = rows()
    ask(account, order_of(item, 12))
    ask(account, order_of(item, 8))
    ask(account, EndOrder())
    assert rows() == before
    assert refreshed(item.pool).total_licences == 10


def test_a_quote_holds_until_something_changes():
    account, item = ten_from_the_third()
    order = order_of(item, 12)
    quote = ask(account, order)
    assert ask(account, order).digest == quote.digest
    change_total(pool=item.pool, total=11, reason="Somebody else", at=MARCH_21, by=STAFF)
    before = rows()
    with pytest.raises(QuoteChanged):
        place(account, order, quote.digest)
    assert rows() == before
    assert figures(ask(account, order))[1] == (14400, "03 April")


def test_a_quote_of_yesterday_is_not_todays():
    account, item = ten_from_the_third()
    order = order_of(item, 12)
    quote = ask(account, order)
    with pytest.raises(QuoteChanged):
        place(account, order, quote.digest, at=noon("2026-03-24"))


def test_what_was_bought_is_not_bought_again():
    account, item = ten_from_the_third()
    order = order_of(item, 12)
    quote = ask(account, order)
    place(account, order, quote.digest)
    with pytest.raises(NothingChanges):
        place(account, order, quote.digest)
    assert Issue.objects.count() == 2


def test_fewer_count_from_the_renewal():
    account, item = ten_from_the_third()
    order = order_of(item, 8)
    quote = ask(account, order)
    assert figures(quote) == (0, (9600, "03 April"))
    assert place(account, order, quote.digest) == []
    assert refreshed(item.pool).total_licences == 10
    [renewal] = bill_account(account=account, at=noon("2026-04-03"), by=STAFF)
    assert (renewal.net_minor, refreshed(item.pool).total_licences) == (9600, 8)


@pytest.mark.parametrize("sold_by", SoldBy)
@pytest.mark.parametrize("method", [None, EXPIRED_CARD])
def test_without_a_good_card_nothing_is_added(sold_by, method):  # E12
    account, item = ten_from_the_third(sold_by, method)
    for act in (lambda: ask(account, order_of(item, 12)), lambda: place(account, order_of(item, 12), "x")):
        with pytest.raises(NoWayToPay) as refusal:
            act()
        assert "billing@vendor.example" in str(refusal.value)
    assert refreshed(item.pool).total_licences == 10


@pytest.mark.parametrize("method", [CARD, TRANSFER])
def test_a_contract_adds_by_card_or_agreed_transfer_and_changes_nothing_else(method):  # E8, E12, E20
    account, item = ten_from_the_third(SoldBy.CONTRACT, method)
    quote = ask(account, order_of(item, 12))
    assert place(account, order_of(item, 12), quote.digest) == ["INV-2 on 2026-03-23: 8.52"]
    for order in (order_of(item, 8), EndOrder(), PlanOrder(PlanChoice(business(), MONTH))):
        with pytest.raises(SoldByContract):
            ask(account, order)


def test_what_is_not_sold_so_is_not_bought_so():
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, version=business(), at=MARCH_1)
    given_method(account)
    board = subscription.items.get(pool__licence_type__key="wallboard")
    with pytest.raises(NotSoldByNumber):
        ask(account, order_of(board, 5))
    user = subscription.items.get(pool__licence_type__key="professional-user")
    with pytest.raises(UnlikelyNumber):
        ask(account, order_of(user, 10**9))


def test_a_neighbours_item_is_none():
    account, _ = ten_from_the_third()
    theirs = given_subscription(given_account("Contoso"), at=MARCH_1).items.get()
    for item_id in (theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            ask(account, NumberOrder(item_id, 12))
    with pytest.raises(NotFound):
        ask(given_account("Fabrikam"), EndOrder())


def test_another_plan_at_once_credits_the_old_and_charges_the_new():
    account, _ = ten_from_the_third()
    order = PlanOrder(PlanChoice(business(), MONTH))
    quote = ask(account, order)
    # 10 x (20.00 - 12.00) x 11/31: 70.97 - 42.58
    assert quote.net_minor == 2839
    assert place(account, order, quote.digest) == ["INV-2 on 2026-03-23: 28.39 = -42.58 + 70.97"]


def test_annual_becomes_monthly_at_the_end_of_the_paid_year():
    given_vendor()
    account = given_account()
    given_subscription(account, interval=YEAR, quantities={"professional-user": 10}, at=MARCH_1)
    bill_account(account=account, at=MARCH_1, by=STAFF)
    given_method(account)
    order = PlanOrder(PlanChoice(team(), MONTH), TakesEffect.AT_PERIOD_END)
    quote = ask(account, order)
    assert (quote.net_minor, quote.following.net_minor, f"{quote.following.dated_on}") == (
        0,
        12000,
        "2027-03-03",
    )
    assert place(account, order, quote.digest) == []


def test_a_trial_is_bought_and_the_account_becomes_active():  # A10, A21
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, trial=True, quantities={"professional-user": 3}, at=MARCH_1)
    item = subscription.items.get()
    with pytest.raises(NoWayToPay):
        ask(account, TrialOrder())
    given_method(account)
    with pytest.raises(TrialNotBought):
        ask(account, order_of(item, 5))
    quote = ask(account, TrialOrder())
    assert figures(quote) == (3600, (3600, "23 April"))
    assert place(account, TrialOrder(), quote.digest) == ["INV-1 on 2026-03-23: 36.00"]
    assert refreshed(item.pool).terms == Terms.PAID


def test_an_end_is_told_and_agreed():
    account, _ = ten_from_the_third(method=None)
    quote = ask(account, EndOrder())
    assert figures(quote) == (0, None)
    assert place(account, EndOrder(), quote.digest) == []
    assert Change.objects.get(kind="end").effective_at == datetime(2026, 4, 2, 23, tzinfo=UTC)


def test_an_order_is_told_with_its_documents():
    account, item = ten_from_the_third()
    quote = ask(account, order_of(item, 12))
    place(account, order_of(item, 12), quote.digest)
    told = Event.objects.get(account=account, kind="order_placed")
    document = Document.objects.get(net_minor=852)
    assert told.payload == {"what": "number", "digest": quote.digest, "document_ids": [str(document.pk)]}


def test_tax_is_told_beside_the_net():
    given_vendor(percent="20")
    account, item = ten_from_the_third()
    quote = ask(account, order_of(item, 12))
    assert (quote.net_minor, quote.tax_minor, quote.total_minor) == (852, 170, 1022)


def test_an_account_in_dollars_is_billed_the_exact_price():  # E6
    subscription = given_enterprise(at=MARCH_1)
    [invoice] = bill_account(account=subscription.account, at=MARCH_1, by=STAFF)
    assert (invoice.net_minor, invoice.currency) == (20000, "USD")
