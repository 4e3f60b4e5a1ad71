"""Laws of the rows: whatever happens to a subscription, its rows charge what a contract with the same events would."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from seatledger.domain.catalogue.queries import get_price
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    PlanChoice,
    cancel_subscription,
    change_plan,
    start_paying,
    start_subscription,
)
from seatledger.domain.subscriptions.actions.due import apply_due_changes
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.domain.subscriptions.refusals import EndsAlready, NothingChanges, PaidAhead, SubscriptionOver
from seatledger.engine.contracts import Agreement, Contract
from seatledger.engine.days import day_of
from seatledger.engine.events import Cancelled, PlanChanged, When
from selling import MONTHLY, YEARLY, given_plan
from support import AT, STAFF, SYSTEM, given_account, given_licence_type

pytestmark = pytest.mark.django_db

LAST_DAY = date(2035, 1, 1)
AT_ONCE, AT_PERIOD_END = TakesEffect.AT_ONCE, TakesEffect.AT_PERIOD_END
REFUSALS = (EndsAlready, NothingChanges, PaidAhead, SubscriptionOver)
WHEN = {AT_ONCE: When.AT_ONCE, AT_PERIOD_END: When.AT_PERIOD_END}

zones = st.sampled_from(["America/Los_Angeles", "Europe/Paris", "Asia/Kathmandu", "Pacific/Auckland", "UTC"])
offers = st.tuples(st.sampled_from(["bronze", "silver", "gold"]), st.sampled_from([MONTHLY, YEARLY]))
steps = st.tuples(
    st.timedeltas(timedelta(minutes=1), timedelta(days=70)),
    st.sampled_from([AT_ONCE, AT_PERIOD_END]),
    st.one_of(st.tuples(offers, st.booleans()), st.just("end")),
)


def versions():
    """Return three plans of one licence type."""
    prepaid = given_licence_type()
    return {
        "bronze": given_plan("bronze", [(prepaid, 5, {"month": "12.00", "year": "120.00"})], trial_days=30),
        "silver": given_plan("silver", [(prepaid, 5, {"month": "20.00", "year": "200.00"})], trial_days=30),
        "gold": given_plan("gold", [(prepaid, 5, {"month": "30.00", "year": "270.00"})], trial_days=30),
    }


def engine_plan(version, interval):
    kind = given_licence_type()
    return plan_of(get_price(version, kind, currency="GBP", interval=interval), kind)


class Rows:
    """A subscription in the database, and beside it the events that a contract would have."""

    def __init__(self, zone, first, *, trial_paid_after):
        self.account = given_account(time_zone=zone)
        self.zone, self.versions, self.events = ZoneInfo(zone), versions(), []
        name, interval = first
        self.first = engine_plan(self.versions[name], interval)
        self.at, self.trial_until = AT, None
        new = NewSubscription(self.versions[name], interval, trial=trial_paid_after is not None)
        self.subscription = start_subscription(account=self.account, new=new, at=AT, by=STAFF)
        if trial_paid_after is not None:
            self.at += trial_paid_after
            start_paying(subscription=self.subscription, at=self.at, by=STAFF)
            self.trial_until = day_of(self.at, self.zone)

    def go_on(self, after, takes_effect, what):
        """Do one more thing; what is refused leaves nothing behind, in the rows as in the contract."""
        self.at += after
        apply_due_changes(account=self.account, at=self.at, by=SYSTEM)
        said = {"takes_effect": takes_effect, "at": self.at, "by": STAFF}
        try:
            if what == "end":
                cancel_subscription(subscription=self.subscription, **said)
                self.events.append(Cancelled(item="seat", at=self.at, when=WHEN[takes_effect]))
                return None
            (name, interval), keeps_anchor = what
            choice = PlanChoice(self.versions[name], interval, keeps_anchor=keeps_anchor)
            change = change_plan(subscription=self.subscription, choice=choice, **said)
        except REFUSALS:
            return None
        plan = engine_plan(self.versions[name], interval)
        self.events.append(
            PlanChanged(item="seat", at=self.at, plan=plan, when=WHEN[takes_effect], keep_anchor=keeps_anchor)
        )
        return change.effective_at

    def charged_by_rows(self):
        items = agreed_items_for_operator([self.account.pk])[self.account.pk]
        return [item.phases for item in items]

    def charged_by_contract(self):
        agreed = Agreement("seat", self.first, starts_on=day_of(AT, self.zone), trial_until=self.trial_until)
        contract = Contract("GBP", self.zone, (agreed,), tuple(self.events))
        return [item.phases for item in contract.known_on(LAST_DAY)]


# Every example is a story in the database, so a failing one is told as it is.
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    zone=zones,
    first=offers,
    trial_paid_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=20)),
    timeline=st.lists(steps, max_size=5),
)
def test_rows_charge_what_a_contract_with_the_same_events_would(zone, first, trial_paid_after, timeline):
    with transaction.atomic():
        rows = Rows(zone, first, trial_paid_after=trial_paid_after)
        busy_until = rows.at
        for after, takes_effect, what in timeline:
            # The engine takes events in the order in which they happen: the next plan waits until this one counts.
            wait = after if what == "end" else max(after, busy_until - rows.at)
            busy_until = rows.go_on(wait, takes_effect, what) or busy_until
            if any(isinstance(event, Cancelled) for event in rows.events):
                break  # an end that was agreed overtakes what comes later; a contract would go on (decision 14)
        assert rows.charged_by_rows() == rows.charged_by_contract()
        transaction.set_rollback(True)  # the next example begins with an empty database


def test_what_the_rows_refuse_the_engine_refuses_too():
    rows = Rows("Europe/Paris", ("bronze", YEARLY), trial_paid_after=None)
    choice = PlanChoice(rows.versions["silver"], MONTHLY)
    with pytest.raises(PaidAhead):
        change_plan(subscription=rows.subscription, choice=choice, at=AT, by=STAFF)
    monthly = engine_plan(rows.versions["silver"], MONTHLY)
    rows.events.append(PlanChanged(item="seat", at=AT, plan=monthly))
    with pytest.raises(ValueError, match="at the end of the paid period"):
        rows.charged_by_contract()
