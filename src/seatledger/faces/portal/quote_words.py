"""What an order costs and does, in words: before it is confirmed, and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale

from seatledger.domain.invoices.drafts import Draft
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions import (
    EndOrder,
    MoreOrder,
    NumberOrder,
    Order,
    PlanOrder,
    TrialOrder,
)
from seatledger.domain.payments.quotes import Quote, signed_minor
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import AgreedLicence, Agreement, OfferedPrice
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.words import describe_line, explain_line
from seatledger.faces.portal.invoices import title_of
from seatledger.faces.portal.summary_words import billed_how
from seatledger.faces.ui import formats


@dataclass(frozen=True)
class ToldLine:
    """One amount, net and signed as the customer owes it, with its working."""

    name: str
    description: str
    amount_minor: int
    working: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A quote as the page shows it. `following_on` is None when no other document will come.

    `credit_minor` is what of the account's credit is used for what is due now.
    """

    headline: str
    notes: tuple[str, ...]
    quote: Quote
    credit_minor: int
    lines: tuple[ToldLine, ...]
    following_on: date | None
    following_tax_minor: int
    following_minor: int
    following_lines: tuple[ToldLine, ...]

    @property
    def pays_minor(self) -> int:
        """What is paid now, once credit is used."""
        return max(0, self.quote.due_total_minor - self.credit_minor)


def tell(order: Order, agreement: Agreement, quote: Quote, *, credit_minor: int = 0, locale: Locale) -> Told:
    """Return in words what an order costs; `agreement` is what holds before it, `credit_minor` the account's credit."""
    following = quote.following
    return Told(
        headline=_headline(order, agreement, quote, locale),
        notes=tuple(_notes(order, agreement, quote)),
        quote=quote,
        credit_minor=min(credit_minor, max(0, quote.due_total_minor)),
        lines=tuple(line for draft in quote.due for line in told_lines(draft)),
        following_on=following.dated_on if following else None,
        following_tax_minor=signed_minor(following, following.tax_minor) if following else 0,
        following_minor=signed_minor(following, following.total_minor) if following else 0,
        following_lines=told_lines(following) if following else (),
    )


def tell_done(order: Order, agreement: Agreement, issued: Sequence[Document], *, locale: Locale) -> str:
    """Return what was done; `agreement` is what held before it."""
    return " ".join([_done(order, agreement, locale), *(_issued(document, locale) for document in issued)])


def tell_prices(choice: PlanChoice, prices: Iterable[OfferedPrice], agreement: Agreement) -> tuple[str, ...]:
    """Return which of the prices of a plan are agreed with the account, and which agreed price does not hold with it."""
    agreed_now = {one.item.pool.licence_type.key for one in agreement.licences if one.is_agreed}
    plan = f"{choice.version.plan.name} by the {choice.interval}"
    return tuple(
        f"{one.name} in {plan}: {one.words}, as agreed with you."
        if one.is_agreed
        else f"The price that was agreed with you for {one.name} is for {agreement.plan_name} by the {agreement.interval}. "
        f"In {plan} the list price applies: {one.words}. What was agreed holds again if you change back."
        for one in prices
        if one.is_agreed or one.key in agreed_now
    )


def told_lines(draft: Draft) -> tuple[ToldLine, ...]:
    """Return the lines of a document to come, signed as the customer owes them."""
    return tuple(
        ToldLine(
            f"{line.text}: {line.licence_name}" if line.charge and line.text else line.licence_name,
            describe_line(line.charge.line) if line.charge else line.text,
            signed_minor(draft, line.amount_minor),
            explain_line(line.charge.line) if line.charge else (),
        )
        for line in draft.lines
    )


def _headline(order: Order, agreement: Agreement, quote: Quote, locale: Locale) -> str:
    """Return what it does and costs: `You add 2 licences: £8.52 now, £168.00 from 1 April 2026`, as a sentence."""
    what = _what(order, agreement, locale)
    if isinstance(order, EndOrder) and not (quote.total_minor or quote.following):
        return f"{what} Nothing more is charged."
    costs = [_now(quote.total_minor, quote.currency, locale)]
    if following := quote.following:
        amount = _money(signed_minor(following, following.total_minor), quote.currency, locale)
        costs.append(f"{amount} from {_day(following.dated_on, locale)}")
    return f"{what.rstrip('.')}: {', '.join(costs)}."


def _what(order: Order, agreement: Agreement, locale: Locale) -> str:
    if isinstance(order, NumberOrder):
        more = order.number - (_licence(order, agreement).total or 0)
        if more > 0:
            return f"You add {_counted(more, 'licence', locale)}."
        when = f" from {_day(agreement.period.ends_on, locale)} on" if agreement.renews_on else ""
        return f"You have {_counted(order.number, 'licence', locale)}{when}."
    if isinstance(order, MoreOrder):
        return f"You add {_added(order, agreement, locale)}."
    if isinstance(order, TrialOrder):
        return f"You buy the {_plan_name(order, agreement)} plan."
    if isinstance(order, PlanOrder):
        how = billed_how(Interval(Unit(order.choice.interval)))
        return f"You change to the {_plan_name(order, agreement)} plan, billed {how}."
    return f"Your subscription ends with {_day(agreement.period.last_day, locale)}."


def _notes(order: Order, agreement: Agreement, quote: Quote) -> Iterable[str]:
    if quote.due_anyway:
        yield "What is due today without this is on the same invoice, and listed here."
    if quote.tax_minor:
        yield "Amounts above include tax; the lines below are before tax."
    if isinstance(order, NumberOrder):
        licence = _licence(order, agreement)
        if any(one.change.item_id == order.item_id for one in agreement.to_come):
            yield "Another number is agreed for the renewal. See the changes to come, and withdraw it if it is not to be so."
        if order.number < licence.in_use:
            yield (
                f"{licence.in_use} {licence.name} licences are in use. "
                "Those that are not released by then stay and are paid for."
            )
    if isinstance(order, EndOrder):
        yield "Until then everything stays as it is. Afterwards nobody loses what they hold, but no licence can be assigned."
        yield "Nothing is deleted, and you can withdraw it as long as it has not taken effect."


def _done(order: Order, agreement: Agreement, locale: Locale) -> str:
    if isinstance(order, NumberOrder):
        more = order.number - (_licence(order, agreement).total or 0)
        return (
            f"Added {_counted(more, 'subscription', locale)}."
            if more > 0
            else _what(order, agreement, locale)
        )
    if isinstance(order, MoreOrder):
        return f"Added {_added(order, agreement, locale)}."
    if isinstance(order, TrialOrder):
        return f"You bought the {_plan_name(order, agreement)} plan."
    if isinstance(order, PlanOrder):
        begins = "now"
        if order.takes_effect == TakesEffect.AT_PERIOD_END:
            begins = f"from {_day(agreement.period.ends_on, locale)} on"
        return f"You are on the {_plan_name(order, agreement)} plan {begins}."
    return f"{_what(order, agreement, locale)} You can withdraw it until then."


def _issued(document: Document, locale: Locale) -> str:
    amount = _money(document.total_minor, document.currency, locale)
    return f"{title_of(document)} over {amount} is in your billing history."


def _licence(order: NumberOrder, agreement: Agreement) -> AgreedLicence:
    return next(one for one in agreement.licences if one.item.pk == order.item_id)


def _added(order: MoreOrder, agreement: Agreement, locale: Locale) -> str:
    """Return what is added: `2 Enterprise User licences and 1 Reports licence`."""
    names = {one.item.pk: one.name for one in agreement.licences}
    parts = [_counted(more, f"{names[item_id]} licence", locale) for item_id, more in order.numbers.items()]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _plan_name(order: PlanOrder | TrialOrder, agreement: Agreement) -> str:
    return order.choice.version.plan.name if order.choice else agreement.plan_name


def _now(total_minor: int, currency: str, locale: Locale) -> str:
    if not total_minor:
        return "nothing now"
    amount = _money(abs(total_minor), currency, locale)
    return f"{amount} now" if total_minor > 0 else f"{amount} credited now"


def _counted(number: int, noun: str, locale: Locale) -> str:
    return f"{formats.number_text(number, locale=locale)} {noun}{'' if number == 1 else 's'}"


def _money(amount_minor: int, currency: str, locale: Locale) -> str:
    return formats.money_text(amount_minor, currency, locale=locale)


def _day(day: date, locale: Locale) -> str:
    return formats.day_text(day, locale=locale, style="long")
