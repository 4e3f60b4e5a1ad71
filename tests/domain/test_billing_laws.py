"""What is due by the facts of an account is what the contract's invoices say, however often it is billed on the way."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.test_contract_laws import LAST_DAY, contracts
from seatledger.domain.invoices.rating import AccountFacts, ItemFacts, Rater, rate, rate_next
from seatledger.domain.subscriptions.agreements import Known
from seatledger.engine.contracts import Contract
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.events import Cancelled, PlanChanged, When, seats_of
from seatledger.engine.phases import phases_of
from seatledger.engine.rating import rate_contract


def written_forward(agreed):
    """The contract without what became known after it happened: the ledger is written forward."""
    events = tuple(event for event in agreed.events if event.recorded_at is None)
    return Contract(agreed.currency, agreed.zone, agreed.agreements, events)


def facts_of(agreed):
    (agreement,) = agreed.agreements
    timeline = [event for event in agreed.events if isinstance(event, PlanChanged | Cancelled)]
    starts_at = min(event.at for event in agreed.events)
    if agreement.trial_until:
        starts_at = max(starts_at, start_of_day(agreement.trial_until, agreed.zone))
    known = [
        Known(
            agreed.events[0].at, phases_of(agreement.plan, agreed.zone, starts_at=starts_at, events=()), False
        )
    ]
    for event in sorted(timeline, key=lambda event: event.at):
        events = [each for each in timeline if each.at <= event.at]
        phases = phases_of(agreement.plan, agreed.zone, starts_at=starts_at, events=events)
        known.append(Known(event.at, phases, event.when is When.AT_ONCE))
    item = ItemFacts(uuid4(), uuid4(), "Seat", tuple(known), seats_of(agreed.events))
    return AccountFacts(uuid4(), agreed.currency, agreed.zone, (item,))


def after(facts, rated):
    """The facts as they are read once what was rated is stored."""
    (item,) = facts.items
    lines = [charge.line for due in rated.due for charge in due.charges]
    revisions = dict(item.revisions)
    for due in rated.due:
        for charge in due.charges:
            revisions[charge.line.scale.period.starts_on] = charge.revision + 1
    billed = ItemFacts(
        item.item_id,
        item.pool_id,
        item.licence_name,
        item.known,
        item.seats,
        tuple(
            line
            for line in (*item.charged, *lines)
            if line.scale.period.ends_on > (rated.billed_on or date.min)
        ),
        revisions,
    )
    return AccountFacts(facts.account_id, facts.currency, facts.zone, (billed,), rated.billed_on)


def summary(due):
    return [
        (each.on, [(charge.line.rate, charge.line.scale, charge.line.shape) for charge in each.charges])
        for each in due
    ]


def expected(agreed):
    return [
        (invoice.on, [(line.rate, line.scale, line.shape) for line in invoice.lines])
        for invoice in rate_contract(agreed, through=LAST_DAY).invoices
    ]


@settings(max_examples=25, deadline=None)
@given(contracts().map(written_forward))
def test_catching_up_at_once_makes_the_contracts_invoices(agreed):
    assert summary(rate(facts_of(agreed), through=LAST_DAY).due) == expected(agreed)


@settings(max_examples=25, deadline=None)
@given(contracts().map(written_forward), st.sets(st.dates(date(2026, 1, 31), LAST_DAY), max_size=8))
def test_so_does_billing_now_and_then(agreed, days):
    facts, found = facts_of(agreed), []
    for day in [*sorted(days), LAST_DAY]:
        rated = rate(facts, through=day)
        found += summary(rated.due)
        facts = after(facts, rated)
    assert found == expected(agreed)


@settings(max_examples=20, deadline=None)
@given(contracts().map(written_forward), st.lists(st.dates(date(2026, 1, 31), LAST_DAY), max_size=5))
def test_what_is_rated_together_is_what_each_is_alone(agreed, days):
    facts, rater = facts_of(agreed), Rater()
    for day in sorted(days):
        alone = rate(facts, through=day)
        assert rater.rate(facts, through=day) == alone
        assert rater.rate(facts._replace(account_id=uuid4()), through=day) == alone
        facts = after(facts, alone)


@settings(max_examples=20, deadline=None)
@given(contracts().map(written_forward), st.dates(date(2026, 1, 31), LAST_DAY))
def test_billing_only_when_something_is_due_next_misses_nothing(agreed, first):
    facts, found, day = facts_of(agreed), [], first
    while day is not None and day <= LAST_DAY:
        rated = rate(facts, through=day)
        found += summary(rated.due)
        facts, day = after(facts, rated), rated.next_on
        assert day is None or day > (rated.billed_on or date.min)
    assert found == expected(agreed)


@settings(max_examples=20, deadline=None)
@given(contracts().map(written_forward), st.dates(date(2026, 1, 31), LAST_DAY))
def test_the_next_one_is_what_comes_if_nothing_more_happens(agreed, day):
    facts = facts_of(agreed)
    rated = rate(facts, through=day)
    following = rate_next(facts, after=day)
    heard_later = any(day_of(event.at, agreed.zone) > day for event in agreed.events)
    if following and not heard_later:
        assert rate(after(facts, rated), through=following.on).due[-1] == following


@settings(max_examples=20, deadline=None)
@given(contracts().map(written_forward))
def test_a_period_is_billed_once_a_revision(agreed):
    rated = rate(facts_of(agreed), through=LAST_DAY)
    keys = [
        (charge.line.scale.period.starts_on, charge.revision, charge.part)
        for due in rated.due
        for charge in due.charges
    ]
    assert len(keys) == len(set(keys))
    again = rate(after(facts_of(agreed), rated), through=LAST_DAY + timedelta(days=1))
    assert [due for due in again.due if due.on <= LAST_DAY] == []
