"""Quotations: offered in writing, accepted or declined once, at the figures that were read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from buying import CARD, given_method
from charging import given_vendor, in_words, noon
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Issue
from seatledger.domain.licences.actions import RequestAnswered, answer_request, change_total, request_licences
from seatledger.domain.payments.actions import (
    NothingOrdered,
    NumberOrder,
    QuoteChanged,
    TrialNotBought,
    quote_order,
)
from seatledger.domain.payments.actions.buying import Confirmation, OrderWaits, confirm_order
from seatledger.domain.payments.actions.quotations import (
    NewQuotation,
    OfferedLine,
    QuotationEnded,
    QuotationExpired,
    QuotationOutdated,
    UnfitValidity,
    accept_quotation,
    decline_quotation,
    send_quotation,
    tell_quotation,
    withdraw_quotation,
    work_out_offer,
)
from seatledger.domain.payments.models import Quotation, QuotationState
from seatledger.domain.payments.queries.quotations import (
    get_quotation,
    list_quotations,
    list_quotations_for_operator,
    list_waiting_quotations,
)
from seatledger.domain.staff.queries.deeds import list_open_requests
from seatledger.domain.subscriptions.actions import agree_prices, cancel_subscription
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.engine.words import describe_line
from seatledger.shared.errors import NotFound
from selling import business, given_subscription
from support import STAFF, actor_of, administrator_of, given_account, refreshed

pytestmark = pytest.mark.django_db
MARCH_3, MARCH_23 = noon("2026-03-03"), noon("2026-03-23")
UNTIL = date(2026, 4, 22)
KEY = "professional-user"


def given_contract():
    """Ten licences at 12.00 a month from 3 March 2026 by contract, billed, and no card."""
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, quantities={KEY: 10}, sold_by=SoldBy.CONTRACT, at=MARCH_3)
    bill_account(account=account, at=MARCH_3, by=STAFF)
    return account, subscription.items.get()


def offer(item, number=5, **agreed):
    return [OfferedLine(item.pk, number, agreed)]


def send(account, item, number=5, *, until=UNTIL, request=None, note="", **agreed):
    new = NewQuotation(offer(item, number, **agreed), until, note, request)
    return send_quotation(account=account, new=new, at=MARCH_23, by=STAFF)


def customer(account):
    return actor_of(administrator_of(account))


def told(quotation, at=MARCH_23):
    return tell_quotation(quotation=quotation, at=at, by=customer(quotation.account))


def accept(quotation, at=MARCH_23, expected=None):
    expected = told(quotation, at).digest if expected is None else expected
    by = customer(quotation.account)
    return [in_words(one) for one in accept_quotation(quotation=quotation, expected=expected, at=at, by=by)]


def given_request(account, item, number=5):
    return request_licences(
        account=account,
        licence_type=item.pool.licence_type,
        number=number,
        note="For the new office.",
        at=MARCH_23,
        by=customer(account),
    )


def test_a_request_is_answered_by_a_quotation_that_is_accepted():  # A20, E11
    account, item = given_contract()
    request = given_request(account, item)
    quotation = send(account, item, request=request, note="As discussed on the phone.")
    assert list_open_requests(account) == []
    # 5 x 12.00 x 11/31 now, 15 x 12.00 from the renewal on
    assert (quotation.now_minor, quotation.following_minor, quotation.following_on) == (
        2129,
        18000,
        date(2026, 4, 3),
    )
    [line] = quotation.lines.all()
    assert (line.number, line.name, line.price) == (5, "Professional User", "12.00 GBP per licence per month")
    quote = told(quotation)
    assert [describe_line(one.charge.line) for one in quote.due[0].lines] == [
        "5 seats, 23 March to 2 April 2026"
    ]
    assert accept(quotation) == ["INV-2 on 2026-03-23: 21.29"]
    assert refreshed(item.pool).total_licences == 15
    accepted = get_quotation(account, quotation.pk)
    assert (accepted.state, accepted.answered_by, accepted.ended_at) == (
        QuotationState.ACCEPTED,
        administrator_of(account),
        MARCH_23,
    )
    assert accepted.digest == quote.digest
    assert accepted.document.issue.reference == "INV-2"
    [renewal] = bill_account(account=account, at=noon("2026-04-03"), by=STAFF)
    assert in_words(renewal) == "INV-3 on 2026-04-03: 180.00"


def test_what_is_told_later_is_of_that_day():
    account, item = given_contract()
    quotation = send(account, item)
    assert told(quotation, noon("2026-03-30")).net_minor == 774  # 5 x 12.00 x 4/31
    assert accept(quotation, noon("2026-03-30")) == ["INV-2 on 2026-03-30: 7.74"]


@pytest.mark.parametrize(
    ("agreed", "words", "now", "renewal"),
    [
        # 10 licences have 11 of 31 days left that were paid at 12.00: 42.58 back, then 15 at the new price.
        ({"unit_amount": "10.00"}, "10.00 GBP per licence per month", 5323 - 4258, 15000),
        (
            {"discounts": [{"percent": "10"}]},
            "12.00 GBP per licence per month, 10 % off",
            5748 - 4258,
            16200,
        ),
    ],
)
def test_an_agreed_price_holds_for_all_licences_of_the_type(agreed, words, now, renewal):
    account, item = given_contract()
    quotation = send(account, item, **agreed)
    assert [line.price for line in quotation.lines.all()] == [words]
    quote = told(quotation)
    assert (quote.net_minor, quote.following.net_minor) == (now, renewal)
    accept(quotation)
    [later] = bill_account(account=account, at=noon("2026-04-03"), by=STAFF)
    assert later.net_minor == renewal


def test_a_price_that_was_agreed_meanwhile_is_no_obstacle():
    account, item = given_contract()
    quotation = send(account, item, unit_amount="10.00")
    subscription = item.subscription
    agree_prices(subscription=subscription, prices={KEY: {"unit_amount": "10.00"}}, at=MARCH_23, by=STAFF)
    bill_account(account=account, at=MARCH_23, by=STAFF)
    accept(quotation, noon("2026-03-24"))
    assert refreshed(item.pool).total_licences == 15


def test_figures_that_changed_since_they_were_read_are_not_accepted():
    account, item = given_contract()
    quotation = send(account, item)
    read = told(quotation).digest
    change_total(pool=item.pool, total=11, reason="", at=MARCH_23, by=STAFF)
    for expected, at in ((read, MARCH_23), (told(quotation).digest, noon("2026-03-24")), ("", MARCH_23)):
        with pytest.raises(QuoteChanged):
            accept(quotation, at, expected)
    assert refreshed(item.pool).total_licences == 11
    assert refreshed(quotation).state == QuotationState.SENT


def test_another_price_than_was_written_is_not_accepted():
    account, item = given_contract()
    quotation = send(account, item)
    agree_prices(
        subscription=item.subscription, prices={KEY: {"unit_amount": "15.00"}}, at=MARCH_23, by=STAFF
    )
    with pytest.raises(QuotationOutdated):
        told(quotation)
    with pytest.raises(QuotationOutdated):
        accept(quotation, expected="")
    assert refreshed(item.pool).total_licences == 10


def test_it_can_be_accepted_on_its_last_day_and_not_on_the_next():
    account, item = given_contract()
    last, over = noon("2026-03-25"), datetime(2026, 3, 26, 0, 1, tzinfo=UTC)
    quotation = send(account, item, until=date(2026, 3, 25))
    assert list_waiting_quotations(account, today=date(2026, 3, 25)) == [quotation]
    assert list_waiting_quotations(account, today=date(2026, 3, 26)) == []
    assert (quotation.state_on(last.date()), quotation.state_on(over.date())) == ("sent", "expired")
    for refused in (
        lambda: told(quotation, over),
        lambda: accept(quotation, over, ""),
        lambda: decline_quotation(quotation=quotation, at=over, by=customer(account)),
    ):
        with pytest.raises(QuotationExpired):
            refused()
    assert accept(quotation, last) == ["INV-2 on 2026-03-25: 17.42"]


def test_it_is_declined_with_a_word_and_then_over():
    account, item = given_contract()
    quotation = send(account, item)
    decline_quotation(quotation=quotation, why=" Not  this year. ", at=MARCH_23, by=customer(account))
    declined = refreshed(quotation)
    assert (declined.state, declined.answer, declined.answered_by) == (
        "declined",
        "Not this year.",
        administrator_of(account),
    )
    assert declined.state_on(date(2027, 1, 1)) == "declined"
    for again in (
        lambda: accept(quotation, expected=""),
        lambda: decline_quotation(quotation=quotation, at=MARCH_23, by=STAFF),
        lambda: withdraw_quotation(quotation=quotation, at=MARCH_23, by=STAFF),
    ):
        with pytest.raises(QuotationEnded):
            again()
    assert refreshed(item.pool).total_licences == 10


def test_a_request_whose_quotation_was_withdrawn_waits_again():
    account, item = given_contract()
    request = given_request(account, item)
    quotation = send(account, item, request=request)
    with pytest.raises(RequestAnswered):
        send(account, item, request=request)
    withdraw_quotation(quotation=quotation, at=MARCH_23, by=STAFF)
    assert (refreshed(quotation).state, refreshed(quotation).answered_by) == ("withdrawn", None)
    assert list_open_requests(account) == [request]
    second = send(account, item, request=request)
    assert [one.number for one in list_quotations(account)] == [
        f"{account.serial_number}-Q2",
        f"{account.serial_number}-Q1",
    ]
    assert list_quotations_for_operator() == [second]
    with pytest.raises(RequestAnswered):
        answer_request(request=request, at=MARCH_23, by=STAFF)


def test_a_good_card_is_no_reason_to_wait_and_a_waiting_order_is():
    account, item = given_contract()
    quotation = send(account, item)
    given_method(account, CARD)
    order, by = NumberOrder(item.pk, 12), customer(account)
    quote = quote_order(account=account, order=order, at=MARCH_23, by=by)
    confirmation = Confirmation(quote.digest, quote.due_total_minor)
    confirm_order(account=account, order=order, confirmation=confirmation, at=MARCH_23, by=by)
    with pytest.raises(OrderWaits):
        accept(quotation)


def test_it_ends_with_what_it_is_for():
    account, item = given_contract()
    quotation = send(account, item)
    cancel_subscription(subscription=item.subscription, last_day=date(2026, 3, 24), at=MARCH_23, by=STAFF)
    with pytest.raises(QuotationOutdated):
        told(quotation, noon("2026-03-25"))


@pytest.mark.parametrize("until", [date(2026, 3, 22), date(2027, 4, 1)])
def test_a_last_day_is_to_come_and_not_far(until):
    account, item = given_contract()
    with pytest.raises(UnfitValidity):
        send(account, item, until=until)


def test_what_is_not_bought_by_number_is_not_offered():
    account, item = given_contract()
    with pytest.raises(NothingOrdered):
        send_quotation(account=account, new=NewQuotation((), UNTIL), at=MARCH_23, by=STAFF)
    with pytest.raises(NothingOrdered):
        send(account, item, 0)
    other = given_subscription(given_account("Contoso"), at=MARCH_3).items.get()
    with pytest.raises(NotFound):
        send(account, other)
    with pytest.raises(NotFound):
        work_out_offer(account=given_account("Fabrikam"), lines=offer(item), at=MARCH_23, by=STAFF)


def test_a_trial_is_bought_first():
    given_vendor()
    subscription = given_subscription(version=business(), trial=True, at=noon("2026-03-20"))
    item = subscription.items.filter(pool__licence_type__key=KEY).first() or subscription.items.first()
    with pytest.raises(TrialNotBought):
        send(subscription.account, item)


def test_another_account_has_no_such_quotation():
    account, item = given_contract()
    quotation = send(account, item)
    with pytest.raises(NotFound):
        get_quotation(given_account("Contoso"), quotation.pk)
    assert list_quotations(given_account("Fabrikam")) == []


def test_the_database_keeps_one_quotation_of_a_request_and_the_figures_of_an_acceptance():
    account, item = given_contract()
    request = given_request(account, item)
    first = send(account, item, request=request)
    second = send(account, item)
    for values in ({"request": request}, {"state": "accepted", "ended_at": MARCH_23}, {"state": "expired"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quotation.objects.filter(pk=second.pk).update(**values)
    assert refreshed(first).state == "sent"


def test_figures_of_a_quotation_are_those_of_the_same_purchase():
    """By whichever way five more are bought, the engine says the same."""
    account, item = given_contract()
    quotation = send(account, item)
    given_method(account, CARD)
    bought = quote_order(account=account, order=NumberOrder(item.pk, 15), at=MARCH_23, by=STAFF)
    assert told(quotation).net_minor == bought.net_minor == Decimal(2129)
    assert told(quotation).following.total_minor == bought.following.total_minor
    assert Issue.objects.count() == 1
    assert timedelta(0) < quotation.valid_until - MARCH_23.date()
