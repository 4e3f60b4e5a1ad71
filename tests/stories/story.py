"""The life of one account, told by date: what is sold to it, what happens, what it is charged.

    story.on("2026-03-01").given_subscription(seats=10, price="12.00")
    story.on("2026-03-21").when_seats_are_added(2)
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")

Everything is done by the real actions against the real database, by the vendor's staff. A day is told in the account's
zone and means its noon, unless a time is told as well. Each document is told once, in the order of the numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import (
    ChargeModel,
    LicenceType,
    MetricGroup,
    PlanVersion,
    PriceInterval,
)
from seatledger.domain.catalogue.price_fields import read_price
from seatledger.domain.catalogue.queries import get_licence_type_for_operator, get_plan_version_for_operator
from seatledger.domain.catalogue.specs import CatalogueSpec, ItemSpec, LicenceTypeSpec, PlanSpec, PriceSpec
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Document, DocumentKind, Line
from seatledger.domain.invoices.workings import read_line
from seatledger.domain.licences.actions import (
    NewAccount,
    NewUser,
    activate_users,
    add_user,
    apply_catalogue,
    assign_licence,
    change_total,
    deactivate_users,
    open_account,
    release_licences,
)
from seatledger.domain.licences.models import Assignment, Pool, Terms
from seatledger.domain.licences.plans import pools_of_plan
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    PlanChoice,
    apply_due_changes,
    cancel_subscription,
    change_plan,
    schedule_quantity,
    start_paying,
    start_subscription,
)
from seatledger.domain.subscriptions.models import Change, Subscription, TakesEffect
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.engine.lines import work_out
from seatledger.engine.money import Money
from seatledger.engine.tariffs import Tariff
from seatledger.engine.words import describe_line
from support import STAFF, email_of

SEAT, TEAM = "seat", "team"


@dataclass
class Story:
    """One account, and the clock of its story."""

    at: datetime = datetime(2026, 3, 1, 12)  # noqa: DTZ001 -- of the account's zone, which is told later
    licences: dict[str, LicenceTypeSpec] = field(default_factory=dict)
    plans: dict[str, PlanSpec] = field(default_factory=dict)
    currency: str = "GBP"
    zone: str = "Europe/London"
    to_be_told: list[Document] = field(default_factory=list)
    _account: Account | None = None

    def on(self, moment: str) -> Self:
        """Go to a day, `2026-03-21`, or to a minute of one, `2026-03-21 09:30`."""
        self.at = datetime.fromisoformat(moment if " " in moment else f"{moment} 12:00")
        return self

    @property
    def now(self) -> datetime:
        return self.at.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def account(self) -> Account:
        return self._account or self.given_account()

    @property
    def subscription(self) -> Subscription:
        return Subscription.objects.filter(account=self.account).latest("started_at")

    def pool(self, licence: str = SEAT) -> Pool:
        return Pool.objects.select_related("account", "licence_type").get(
            account=self.account, licence_type__key=licence
        )

    # What there is

    def given_licence(self, key: str = SEAT, **properties: Any) -> LicenceType:
        """Sell licences of a type: prepaid and held by users, unless told otherwise."""
        stated = {
            "name": key.replace("-", " ").title(),
            "charge_model": ChargeModel.PREPAID,
            "metric_group": MetricGroup.USERS,
            "metric_order": len(self.licences),
        }
        self.licences[key] = LicenceTypeSpec(key, **stated | properties)
        self._sell()
        return get_licence_type_for_operator(key)

    def given_plan(
        self,
        key: str = TEAM,
        *,
        prices: Mapping[str, Any],
        every: str = "month",
        yearly: Mapping[str, Any] | None = None,
        trial_days: int = 0,
    ) -> None:
        """Sell a plan: a price for each licence, `12.00` or fields of docs/rating.md, or None where it is included.

        `yearly` are the prices by the year, where it is sold by that as well.
        """
        for licence in prices:
            if licence not in self.licences:
                self.given_licence(licence)
        items = [
            ItemSpec(
                licence,
                1 if self.licences[licence].charge_model is not ChargeModel.ACTIVE else None,
                (*self._prices(price, every), *self._prices((yearly or {}).get(licence), "year")),
            )
            for licence, price in prices.items()
        ]
        self.plans[key] = PlanSpec(key, key.title(), trial_days=trial_days, items=tuple(items))
        self._sell()

    def given_account(
        self, name: str = "Northwind", *, zone: str = "", currency: str = "", plan: str = ""
    ) -> Account:
        """Open the account; its licences are those of `plan`, where the plan counts active users."""
        self.zone, self.currency = zone or self.zone, currency or self.currency
        pools = pools_of_plan(self.version(plan), terms=Terms.PAID, expires_on=None) if plan else []
        self._account, _ = open_account(
            new=NewAccount(name=name, region="eu", time_zone=self.zone, currency=self.currency),
            administrator=NewUser("Ann", "Lee", email_of("Ann Lee", name)),
            pools=pools,
            at=self.now,
            by=STAFF,
        )
        return self._account

    def given_subscription(
        self,
        plan: str = TEAM,
        *,
        seats: int | Mapping[str, int] | None = None,
        every: str = "month",
        trial: bool = False,
        **price: Any,
    ) -> Subscription:
        """Put the account on a plan, with so many seats. A price, if told, is that of a plan with nothing but seats."""
        account = self.account
        if price:
            self.given_plan(plan, prices={SEAT: price.pop("price", None) or price}, every=every)
        new = NewSubscription(
            version=self.version(plan),
            interval=PriceInterval(every),
            quantities={SEAT: seats} if isinstance(seats, int) else seats or {},
            trial=trial,
        )
        return start_subscription(account=account, new=new, at=self.now, by=STAFF)

    def version(self, plan: str) -> PlanVersion:
        return get_plan_version_for_operator(plan, self.at.date())

    # What happens

    def when_seats_are_added(self, number: int, *, licence: str = SEAT) -> None:
        self.when_seats_become((self.pool(licence).total_licences or 0) + number, licence=licence)

    def when_seats_become(self, number: int, *, licence: str = SEAT) -> None:
        """Change how many there are, now."""
        change_total(pool=self.pool(licence), total=number, reason="As told", at=self.now, by=STAFF)

    def when_seats_are_agreed(self, number: int, *, licence: str = SEAT) -> Change:
        """Agree how many there are from the renewal on."""
        item = self.subscription.items.get(pool=self.pool(licence))
        return schedule_quantity(
            subscription=self.subscription, item=item, quantity=number, at=self.now, by=STAFF
        )

    def when_plan_changes(
        self,
        plan: str,
        *,
        every: str = "month",
        at_period_end: bool = False,
        keeps_anchor: bool = True,
        seats: int | None = None,
    ) -> Change:
        choice = PlanChoice(
            self.version(plan),
            PriceInterval(every),
            quantities={} if seats is None else {SEAT: seats},
            keeps_anchor=keeps_anchor,
        )
        return change_plan(
            subscription=self.subscription,
            choice=choice,
            takes_effect=_effect(at_period_end=at_period_end),
            at=self.now,
            by=STAFF,
        )

    def when_trial_is_to_be_paid(self, *, at_period_end: bool = False) -> Change:
        effect = _effect(at_period_end=at_period_end)
        return start_paying(subscription=self.subscription, takes_effect=effect, at=self.now, by=STAFF)

    def when_subscription_is_cancelled(self, *, at_period_end: bool = True) -> Change:
        effect = _effect(at_period_end=at_period_end)
        return cancel_subscription(subscription=self.subscription, takes_effect=effect, at=self.now, by=STAFF)

    def when_due_changes_are_applied(self) -> list[Change]:
        """Let the job that does what has come to count run."""
        return apply_due_changes(account=self.account, at=self.now, by=STAFF)

    def when_user_joins(self, *names: str) -> None:
        for name in names:
            first_name, _, last_name = name.partition(" ")
            new = NewUser(first_name, last_name, email_of(name, self.account.name), invite=False)
            add_user(account=self.account, new=new, at=self.now, by=STAFF)

    def when_user_is_activated(self, name: str) -> None:
        activate_users(account=self.account, user_ids=[self.user(name).pk], at=self.now, by=STAFF)

    def when_user_is_deactivated(self, name: str) -> None:
        deactivate_users(account=self.account, user_ids=[self.user(name).pk], at=self.now, by=STAFF)

    def when_seat_is_given(self, *names: str, licence: str = SEAT) -> None:
        """Give people a licence; who is not there yet joins."""
        for name in names:
            if not User.objects.filter(email=email_of(name, self.account.name)).exists():
                self.when_user_joins(name)
            assign_licence(pool=self.pool(licence), user=self.user(name), at=self.now, by=STAFF)

    def when_seat_is_released(self, *names: str, licence: str = SEAT) -> None:
        held = Assignment.objects.filter(pool=self.pool(licence), released_at__isnull=True)
        for name in names:
            assignment = held.get(user=self.user(name))
            release_licences(account=self.account, assignment_ids=[assignment.pk], at=self.now, by=STAFF)

    def when_billing_runs(self) -> list[Document]:
        """Do what is due and bill it, as the job of the night does; returns what was issued."""
        self.when_due_changes_are_applied()
        issued = bill_account(account=self.account, at=self.now, by=STAFF)
        self.to_be_told += issued
        return issued

    def user(self, name: str) -> User:
        return User.objects.get(account=self.account, email=email_of(name, self.account.name))

    # What is charged

    def then_invoice_has(self, *lines: str, total: str | None = None, on: str | None = None) -> Document:
        """Prove what the next invoice says, line by line, and its total with tax and its day where they are told."""
        return self._tell(DocumentKind.INVOICE, lines, total, on)

    def then_credit_note_has(self, *lines: str, total: str | None = None, on: str | None = None) -> Document:
        return self._tell(DocumentKind.CREDIT_NOTE, lines, total, on)

    def then_nothing_is_charged(self) -> None:
        """Prove that there is no further document."""
        assert [in_words(document) for document in self.to_be_told] == []

    def _tell(self, kind: DocumentKind, lines: Sequence[str], total: str | None, on: str | None) -> Document:
        assert self.to_be_told, "there is no further document"
        document = self.to_be_told.pop(0)
        assert (document.kind, in_words(document)) == (kind, list(lines))
        if total is not None:
            assert Money(document.total_minor, document.currency).to_text() == total
        if on is not None:
            assert str(document.dated_on) == on
        return document

    # What is sold

    def tariff(self) -> Tariff:
        """Return how the first item of the account is charged now."""
        agreed = agreed_items_for_operator([self.account.pk])[self.account.pk]
        return agreed[0].phases[-1].tariff

    def _prices(self, price: Any, every: str) -> tuple[PriceSpec, ...]:
        if price is None:
            return ()
        fields = {"unit_amount": price} if isinstance(price, str) else price
        return (PriceSpec(self.currency, PriceInterval(every), read_price(fields)),)

    def _sell(self) -> None:
        wanted = CatalogueSpec(
            "suite", "Suite", {}, tuple(self.licences.values()), tuple(self.plans.values())
        )
        apply_catalogue(wanted=wanted, effective_on=self.at.date(), at=self.now, by=STAFF)


def in_words(document: Document) -> list[str]:
    """Return the lines as people read them: `8.52 for 2 seats, 21 to 31 March 2026`.

    The licence goes before it where the document charges for several. Every line's working is worked out again.
    """
    rows = list(document.lines.order_by("position"))
    assert sum(row.amount_minor for row in rows) == document.net_minor
    several = len({row.licence_name for row in rows}) > 1
    tell = _with_name if several else _without_name
    return [tell(row, document.currency) for row in rows]


def _with_name(row: Line, currency: str) -> str:
    return f"{row.licence_name}: {_without_name(row, currency)}"


def _without_name(row: Line, currency: str) -> str:
    amount = Money(row.amount_minor, currency).to_text()
    if row.item_id is None:
        return f"{amount} for {row.text}"
    line = read_line(row)
    assert work_out(line.item, line.rate, line.scale, line.shape) == line
    said = describe_line(line)
    return f"{amount} {'' if line.is_credit else 'for '}{said[0].lower()}{said[1:]}"


def _effect(*, at_period_end: bool) -> TakesEffect:
    return TakesEffect.AT_PERIOD_END if at_period_end else TakesEffect.AT_ONCE
