"""One message of every kind, about real rows, for tests of their words and for who wants to look at them."""

from collections.abc import Iterator
from datetime import date

from billing_rows import given_document, given_quotation
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import change_expiry, change_total, request_licences
from seatledger.domain.licences.models import Pool
from seatledger.domain.notifications.models import Message, MessageKind, WebhookEndpoint
from seatledger.domain.payments.models import (
    Dunning,
    MethodKind,
    Order,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
)
from seatledger.domain.people.models import KnownDevice, User
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.domain.subscriptions.models import EmailDomain, SoldBy, Subscription
from selling import YEARLY, given_plan
from support import AT, LATER, NEXT_DAY, STAFF, administrator_of, given_licence_type, given_pool, given_user


def given_every_message(account: Account) -> list[Message]:
    """Write one message of every kind to the account's administrator, each about rows that are there."""
    ann = administrator_of(account)
    about = dict(_about(account, ann))
    return [
        Message.objects.create(
            account=account,
            kind=kind,
            cause=f"test:{account.pk}:{kind}",
            recipient=ann.email,
            user=ann,
            about=about.get(kind, {}),
            queued_at=LATER,
        )
        for kind in MessageKind
    ]


def _about(account: Account, ann: User) -> Iterator[tuple[MessageKind, dict[str, str]]]:
    subscription = given_agreed(account)
    quotation = given_quotation(account, subscription.items.get())
    offered = {"quotation_id": str(quotation.pk)}
    yield MessageKind.QUOTATION_SENT, offered | {"topic": "billing"}
    yield MessageKind.QUOTATION_ACCEPTED, offered
    yield MessageKind.QUOTATION_DECLINED, offered
    yield MessageKind.QUOTATION_WITHDRAWN, offered | {"topic": "billing"}
    endpoint = WebhookEndpoint.objects.create(
        account=account, url="https://hooks.northwind.example/in?key=secret", added_at=AT
    )
    disabled = {"endpoint_id": str(endpoint.pk), "because": "failing", "topic": "account"}
    yield MessageKind.WEBHOOK_DISABLED, disabled
    renews = {"subscription_id": str(subscription.pk), "on": "2027-03-02", "left": "30", "topic": "renewals"}
    yield MessageKind.RENEWAL_COMING, renews
    device = KnownDevice.objects.create(
        account=account,
        user=ann,
        key_hash="0" * 64,
        label="Firefox on Linux",
        first_seen_at=AT,
        last_seen_at=AT,
    )
    yield MessageKind.NEW_DEVICE, {"device_id": str(device.pk)}
    yield MessageKind.SIGNUP, {"signup_id": str(account.pk)}
    yield MessageKind.EXPORT_READY, {"until": "2026-03-09"}
    pool = given_pool(account, given_licence_type(), total_licences=10, expires_on=date(2026, 4, 30))
    ben = given_user(account, "Ben Okoro")
    yield MessageKind.ADMINISTRATOR_GIVEN, {"user_id": str(ben.pk), "topic": "account"}
    yield MessageKind.MAIN_CONTACT_CHOSEN, {"user_id": str(ann.pk)}
    yield from _about_licences(account, pool, ann)
    domain = EmailDomain.objects.create(account=account, domain="northwind.example", asked_at=AT)
    yield MessageKind.DOMAIN_CODE, {"domain_id": str(domain.pk)}
    yield from _about_documents(account)
    yield from _about_payments(account)
    end = {"closes_on": "2026-05-31", "erased_by": "2026-06-30", "user_id": str(ann.pk)}
    for kind in MessageKind:
        if kind.startswith("closure_"):
            yield kind, end


def given_agreed(account: Account) -> Subscription:
    """Let the account pay for five Office User licences by the year."""
    plan = given_plan("office", [(given_licence_type("office-user"), 5, {"year": "120.00"})])
    new = NewSubscription(plan, YEARLY, SoldBy.CONTRACT, {}, trial=False)
    return start_subscription(account=account, new=new, at=AT, by=STAFF)


def _about_licences(account: Account, pool: Pool, ann: User) -> Iterator[tuple[MessageKind, dict[str, str]]]:
    request = request_licences(
        account=account,
        licence_type=pool.licence_type,
        number=5,
        note="For the new office.",
        at=AT,
        by=Actor.user(ann.pk),
    )
    yield MessageKind.LICENCES_REQUESTED, {"request_id": str(request.pk)}
    change_total(pool=pool, total=15, reason="As agreed on the phone", at=LATER, by=STAFF)
    change_expiry(
        pool=pool, expires_on=date(2026, 12, 31), reason="As agreed on the phone", at=LATER, by=STAFF
    )
    yield MessageKind.LICENCES_CHANGED, {"at": LATER.isoformat(), "topic": "licences"}
    yield (
        MessageKind.LICENCES_RUNNING_OUT,
        {"pool_id": str(pool.pk), "level": "100", "topic": "licences"},
    )
    ending = {"on": "2026-04-30", "left": "30", "pool_ids": str(pool.pk), "topic": "renewals"}
    yield MessageKind.TRIAL_ENDING, ending
    yield MessageKind.LICENCES_EXPIRING, ending
    ended = ending | {"until": "2026-05-07"}
    yield MessageKind.TRIAL_ENDED, ended
    yield MessageKind.LICENCES_ENDED, ended


def _about_documents(account: Account) -> Iterator[tuple[MessageKind, dict[str, str]]]:
    document = given_document(account)
    about = {"document_id": str(document.pk), "topic": "billing"}
    yield MessageKind.INVOICE_ISSUED, about
    yield MessageKind.CREDIT_NOTE_ISSUED, about
    running = Dunning.objects.create(account=account, invoice=document, begun_at=AT, next_at=NEXT_DAY)
    for kind in (MessageKind.PAYMENT_FAILED, MessageKind.PAYMENT_OVERDUE):
        yield kind, about | {"dunning_id": str(running.pk), "step": "1"}
    yield MessageKind.ACCOUNT_LAPSED, about
    yield MessageKind.ACCOUNT_RESTORED, about


def _about_payments(account: Account) -> Iterator[tuple[MessageKind, dict[str, str]]]:
    method = PaymentMethod.objects.create(
        account=account,
        kind=MethodKind.CARD,
        brand="Visa",
        last_four="4242",
        expires_month=3,
        expires_year=2026,
        added_at=AT,
    )
    payment = Payment.objects.create(
        account=account,
        gateway="sandbox",
        method=method,
        state=PaymentState.SUCCEEDED,
        currency="GBP",
        amount_minor=123450,
        intended_at=AT,
        ended_at=AT,
    )
    refund = Refund.objects.create(
        account=account, payment=payment, currency="GBP", amount_minor=1200, intended_at=AT
    )
    order = Order.objects.create(
        account=account,
        what={},
        digest="",
        currency="GBP",
        total_minor=4500,
        confirmed_at=AT,
        reason="declined",
    )
    about = {"payment_id": str(payment.pk), "amount_minor": "123450", "topic": "billing"}
    for kind in (MessageKind.PAYMENT_RECEIVED, MessageKind.PAYMENT_NEEDS_YOU, MessageKind.PAYMENT_REVERSED):
        yield kind, about
    yield MessageKind.REFUND_MADE, about | {"refund_id": str(refund.pk), "amount_minor": "1200"}
    yield MessageKind.CARD_EXPIRING, {"method_id": str(method.pk), "topic": "billing"}
    yield MessageKind.ORDER_FAILED, {"order_id": str(order.pk), "topic": "billing"}
