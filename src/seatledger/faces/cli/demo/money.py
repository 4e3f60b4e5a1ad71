"""What the demo's organisations agree to and are charged for, by the real actions on the days on which it was so."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import (
    NewTerms,
    bill_account,
    change_billing_details,
    change_billing_terms,
    credit_invoice,
)
from seatledger.domain.invoices.crediting import GrossAmount
from seatledger.domain.invoices.models import AccountBilling, Document, DocumentKind
from seatledger.domain.subscriptions.actions import PlanChoice, change_plan, schedule_quantity
from seatledger.domain.subscriptions.queries import get_subscription
from seatledger.faces.cli.demo.organisations import Agreed, Organisation
from seatledger.faces.cli.demo.paying import Attempt, agree_on_paying, attempt_payment, plan_attempts

OFFICE_HOURS, BILLED_AT = time(10, 40), time(22, 15)


def name_recipient(account: Account, organisation: Organisation, *, at: datetime) -> None:
    """Say whom invoices are made out to, how long there is to pay, and by what."""
    by = Actor.admin_team()
    if organisation.billed_to:
        change_billing_details(account=account, details=organisation.billed_to, at=at, by=by)
    if organisation.terms_days is not None:
        terms = NewTerms(terms_days=organisation.terms_days)
        change_billing_terms(account=account, terms=terms, at=at, by=by)
    if organisation.pays:
        agree_on_paying(account, organisation.pays, at=at)


def agree(account: Account, agreed: Agreed, *, at: datetime) -> None:
    """Change what was agreed with an organisation."""
    by = Actor.admin_team()
    subscription = get_subscription(account)
    assert subscription is not None, "every organisation subscribes as it is opened"
    if agreed.interval:
        version = subscription.changes.filter(version__isnull=False).latest("effective_at").version
        assert version is not None, "a change of plan names it"
        choice = PlanChoice(version, agreed.interval, keeps_anchor=False)
        change_plan(subscription=subscription, choice=choice, at=at, by=by)
    for item in subscription.items.select_related("pool__licence_type"):
        quantity = agreed.renewal_licences.get(item.pool.licence_type.key)
        if quantity is not None:
            schedule_quantity(subscription=subscription, item=item, quantity=quantity, at=at, by=by)


def bill_demo(organisations: Mapping[Account, Organisation], *, now: datetime) -> None:
    """Bill in the evening of each day on which something was due, oldest first, as a job does every day.

    What is paid, and what is not, is so between those days.
    """
    following = {account: _day_of(account, account.opened_at) for account in organisations}
    attempts: defaultdict[Account, list[Attempt]] = defaultdict(list)
    counted: Counter[Account] = Counter()
    while following:
        account, day = min(following.items(), key=lambda pair: pair[1])
        paying = organisations[account].pays
        at = datetime.combine(day, BILLED_AT, tzinfo=ZoneInfo(account.time_zone))
        next_on = None
        if at <= now:
            attempts[account] = _pay_until(account, attempts[account], at)
            for document in bill_account(account=account, at=at, by=Actor.system()):
                if paying and document.kind == DocumentKind.INVOICE:
                    counted[account] += 1
                    planned = plan_attempts(paying, document, number=counted[account], at=at, now=now)
                    attempts[account] += planned
            attempts[account] = _pay_until(account, attempts[account], at + timedelta(hours=1))
            next_on = AccountBilling.objects.get(account=account).next_on
            _give_back(account, organisations[account], after=day, until=next_on or date.max, now=now)
        if next_on:
            following[account] = next_on
        else:
            del following[account]
    for account, left in attempts.items():
        _pay_until(account, left, now)


def _pay_until(account: Account, attempts: Sequence[Attempt], at: datetime) -> list[Attempt]:
    """Let what is paid up to an instant be paid, and return what is paid later."""
    for attempt in sorted(attempts, key=lambda one: one.at):
        if attempt.at <= at:
            attempt_payment(account, attempt)
    return [attempt for attempt in attempts if attempt.at > at]


def _give_back(
    account: Account, organisation: Organisation, *, after: date, until: date, now: datetime
) -> None:
    """Credit what was given back between two days of billing."""
    for each in organisation.given_back:
        day = _day_of(account, now) - timedelta(days=each.days_ago)
        if after < day <= until:
            invoices = Document.objects.filter(account=account, kind=DocumentKind.INVOICE)
            credit_invoice(
                invoice=invoices.latest("dated_on"),
                credit=GrossAmount(each.amount_minor),
                reason=each.reason,
                at=datetime.combine(day, OFFICE_HOURS, tzinfo=ZoneInfo(account.time_zone)),
                by=Actor.admin_team(),
            )


def _day_of(account: Account, at: datetime) -> date:
    return at.astimezone(ZoneInfo(account.time_zone)).date()
