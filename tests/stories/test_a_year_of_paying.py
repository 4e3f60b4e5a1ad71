"""A trial that is bought, renewed, declined, asked for again and paid by another card: every letter and webhook counted.

Time moves on day by day: at each noon everything that jobs do is done, in the order in which they would.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from charging import given_vendor, noon, run
from paying import DECLINED, assert_the_books_are_true, given_card, open_minor_of
from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import Document, FileKind
from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.notifications.actions import write_messages, write_reminder
from seatledger.domain.notifications.models import Message, WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.queries import find_due_reminders_for_operator
from seatledger.domain.notifications.telling import TELLERS
from seatledger.domain.notifications.webhooks.spreading import write_deliveries
from seatledger.domain.payments.actions.asking import step_dunning
from seatledger.domain.payments.actions.buying import Confirmation, confirm_order
from seatledger.domain.payments.actions.collecting import collect_invoice
from seatledger.domain.payments.actions.purchases import quote_order
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.domain.payments.orders import TrialOrder
from seatledger.domain.payments.queries.buying import to_pay_minor
from seatledger.domain.payments.queries.collecting import list_to_collect_for_operator
from seatledger.domain.payments.queries.dunning import list_dunnings_due_for_operator
from seatledger.domain.subscriptions.actions import NewSubscription, apply_due_changes, start_subscription
from seatledger.domain.subscriptions.models import SoldBy
from selling import YEARLY, team
from support import AT, STAFF, SYSTEM, actor_of, administrator_of, given_account

pytestmark = pytest.mark.django_db(transaction=True)

TOLD_KINDS = {happening.kind() for happening in TELLERS}


@dataclass
class Year:
    """One account, whose days pass, with all that was written to people and told to programs so far."""

    account: Account
    told_up_to: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    webhooks: Counter[str] = field(default_factory=Counter)

    def days(self, first: str, last: str) -> None:
        """Let every day from the first to the last pass."""
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            self.noon_of(day)
            day += timedelta(days=1)

    def noon_of(self, day: date) -> None:
        at = noon(day.isoformat())
        apply_due_changes(account=self.account, at=at, by=SYSTEM)
        run(day.isoformat())
        for invoice in list_to_collect_for_operator():
            collect_invoice(invoice=invoice, at=at, by=SYSTEM)
        charge_all(at)
        for dunning in list_dunnings_due_for_operator(at):
            step_dunning(dunning=dunning, at=at, by=SYSTEM)
        charge_all(at)
        for document in Document.objects.filter(
            account=self.account, issue__isnull=False, files__isnull=True
        ):
            store_files(document=document, kinds=[FileKind.PDF, FileKind.UBL], at=at, by=SYSTEM)
        for reminder in find_due_reminders_for_operator(at=at, days=(60, 30, 7), trial_days=(7, 1)):
            self.count_letters(write_reminder(reminder=reminder, at=at))
        self.tell(at)

    def tell(self, at: datetime) -> None:
        """Write the letters and deliveries of what happened since the last time."""
        events = list(Event.objects.filter(account=self.account, pk__gt=self.told_up_to).order_by("pk"))
        for event in events:
            if event.kind in TOLD_KINDS:
                self.count_letters(write_messages(event_id=event.pk, at=at))
        write_deliveries(event_ids=[event.pk for event in events], at=at)
        self.told_up_to = events[-1].pk if events else self.told_up_to

    def count_letters(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.letters[message.kind] += 1
            Message.objects.filter(pk=message.pk).update(sent_at=message.queued_at)

    def news(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many letters and webhooks of each kind there were since this was asked the last time."""
        deliveries = Counter(WebhookDelivery.objects.values_list("event_type", flat=True))
        letters, webhooks = dict(self.letters), dict(deliveries - self.webhooks)
        self.letters, self.webhooks = Counter(), deliveries
        return letters, webhooks


def charge_all(at: datetime) -> None:
    for payment in Payment.objects.filter(state=PaymentState.INTENDED):
        charge_payment(payment, clock=lambda: at)


def buy_the_trial(account: Account, at: datetime) -> None:
    by, order = actor_of(administrator_of(account)), TrialOrder()
    quote = quote_order(account=account, order=order, at=at, by=by)
    confirmation = Confirmation(quote.digest, to_pay_minor(account, quote), "/orders/{order}")
    assert confirm_order(account=account, order=order, confirmation=confirmation, at=at, by=by).waiting
    charge_all(at)


def type_of(account: Account, day: str) -> AccountType:
    account.refresh_from_db()
    return get_account_type(account, noon(day))


def test_from_the_trial_to_the_card_that_pays_in_the_end():  # A10, A21, A23, A24, E16, E17
    given_vendor()
    account = given_account("Northwind")
    new = NewSubscription(team(), YEARLY, SoldBy.ONLINE, {}, trial=True)
    start_subscription(account=account, new=new, at=AT, by=STAFF)
    WebhookEndpoint.objects.create(account=account, url="https://northwind.example/hooks", added_at=AT)
    year = Year(account)
    year.days("2026-03-02", "2026-03-19")
    assert type_of(account, "2026-03-19") is AccountType.TRIAL
    year.news()

    # Bought on 20 March: five licences at 120.00 a year, charged and paid at once.
    given_card(account, at=noon("2026-03-20"))
    buy_the_trial(account, noon("2026-03-20"))
    year.days("2026-03-20", "2026-03-25")
    assert type_of(account, "2026-03-25") is AccountType.ACTIVE
    [first] = Document.objects.filter(account=account)
    assert (first.total_minor, open_minor_of(first)) == (60000, 0)
    letters, webhooks = year.news()
    assert letters == {"invoice_issued": 1, "payment_received": 1}
    assert {name: webhooks[name] for name in webhooks if name.startswith(("invoice.", "payment."))} == {
        "invoice.issued": 1,
        "payment.succeeded": 1,
    }

    # Reminded of the renewal three times, and of nothing else.
    for month in ("2026-06", "2026-09", "2026-12"):
        year.noon_of(date.fromisoformat(f"{month}-01"))
    year.days("2027-01-10", "2027-03-18")
    assert year.news() == ({"renewal_coming": 3}, {})

    # The card does not pay the renewal: the first try, and two more.
    given_card(account, DECLINED, at=noon("2027-03-19"))
    year.days("2027-03-19", "2027-03-30")
    renewal = Document.objects.filter(account=account).latest("dated_on")
    assert (renewal.total_minor, open_minor_of(renewal)) == (60000, 60000)
    letters, webhooks = year.news()
    assert letters == {"invoice_issued": 1, "payment_failed": 1, "payment_overdue": 2}
    assert webhooks["payment.failed"] == 3
    assert type_of(account, "2027-03-30") is AccountType.ACTIVE, "there are days of grace"

    # Another card pays at once; nobody is asked any more.
    given_card(account, at=noon("2027-03-31"))
    year.days("2027-03-31", "2027-05-10")
    assert open_minor_of(renewal) == 0
    letters, webhooks = year.news()
    assert letters == {"payment_received": 1}
    assert webhooks["payment.succeeded"] == 1
    assert type_of(account, "2027-05-10") is AccountType.ACTIVE
    assert Payment.objects.filter(account=account, state=PaymentState.SUCCEEDED).count() == 2
    assert_the_books_are_true([account])
