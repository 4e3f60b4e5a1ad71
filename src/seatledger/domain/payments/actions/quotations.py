"""Quotations: staff offer licences in writing, the customer accepts or declines, once.

What one costs is worked out by the engine as for every purchase, and accepting one places an order like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.price_words import agreed_in_words
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.events.models import ActorKind
from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.licences.actions import answer_request, reopen_request
from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions.buying import OrderWaits
from seatledger.domain.payments.actions.purchases import look_after, place_order, quote_order
from seatledger.domain.payments.applying import apply_unapplied
from seatledger.domain.payments.happenings import (
    QuotationAccepted,
    QuotationDeclined,
    QuotationSent,
    QuotationWithdrawn,
)
from seatledger.domain.payments.models import Quotation, QuotationLine, QuotationState
from seatledger.domain.payments.orders import QuotedOrder
from seatledger.domain.payments.queries.buying import get_waiting_order
from seatledger.domain.payments.quotation_papers import keep_paper
from seatledger.domain.payments.quotes import Quote, signed_minor
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import clean_text

LONGEST_NOTE: Final = 1000
LONGEST_VALIDITY: Final = timedelta(days=366)


class UnfitValidity(Refused):
    """A quotation is valid until a day that is to come, and not for ever."""

    code = "unfit_validity"


class QuotationEnded(Refused):
    """It was accepted, declined or withdrawn before."""

    code = "quotation_ended"


class QuotationExpired(Refused):
    """Its last day is over."""

    code = "quotation_expired"


class QuotationOutdated(Refused):
    """What it offers cannot be had at its prices any more: something else was agreed since."""

    code = "quotation_outdated"


@dataclass(frozen=True)
class OfferedLine:
    """So many more licences of an item; `agreed` are the fields of the price that differ from the catalogue's."""

    item_id: UUID
    number: int
    agreed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewQuotation:
    """What is offered. `request` is what it answers, if a customer asked."""

    lines: Sequence[OfferedLine]
    valid_until: date
    note: str = ""
    request: LicenceRequest | None = None


@dataclass(frozen=True)
class WorkedOut:
    """What an offer costs at one instant, and the price of each item in words, as it would be from then on."""

    quote: Quote
    names: Mapping[UUID, str]
    prices: Mapping[UUID, str]


@transaction.atomic
def work_out_offer(*, account: Account, lines: Sequence[OfferedLine], at: datetime, by: Actor) -> WorkedOut:
    """Return what an offer would cost if it were accepted at `at`. Nothing is kept of it.

    Raises what `quote_order` raises, FieldRefused and NotInThePlan for a price that cannot be agreed.
    """
    account = lock_account(account)
    order = _order_of(account, lines, at)

    def look() -> tuple[dict[UUID, str], dict[UUID, str]]:
        agreement = get_agreement(account, at=at)
        assert agreement is not None, "the order is of its items"
        offered = [one for one in agreement.licences if one.item.pk in order.numbers and one.tariff]
        names = {one.item.pk: one.name for one in offered}
        today = today_of(account, at)
        return names, {one.item.pk: agreed_in_words(one.tariff, today) for one in offered if one.tariff}

    quote = quote_order(account=account, order=order, at=at, by=by)
    names, prices = look_after(account=account, order=order, look=look, at=at, by=by)
    return WorkedOut(quote, names, prices)


@transaction.atomic
def send_quotation(*, account: Account, new: NewQuotation, at: datetime, by: Actor) -> Quotation:
    """Offer an account licences in writing, in answer to its request or without one. Its people are told by e-mail.

    Raises UnfitValidity, UnfitText, RequestAnswered, and what `work_out_offer` raises.
    """
    account = lock_account(account)
    today = today_of(account, at)
    if not today <= new.valid_until <= today + LONGEST_VALIDITY:
        raise UnfitValidity("Choose a last day from today on, within a year.")
    note = clean_text(" ".join(new.note.split()), LONGEST_NOTE, what="The note")
    worked_out = work_out_offer(account=account, lines=new.lines, at=at, by=by)
    if new.request:
        answer_request(request=new.request, at=at, by=by)
    quote, following = worked_out.quote, worked_out.quote.following
    quotation = Quotation.objects.create(
        account=account,
        number=f"{account.serial_number}-Q{Quotation.objects.filter(account=account).count() + 1}",
        request=new.request,
        note=note,
        valid_until=new.valid_until,
        currency=quote.currency,
        now_minor=quote.total_minor,
        now_tax_minor=quote.tax_minor,
        following_minor=signed_minor(following, following.total_minor) if following else None,
        following_on=following.dated_on if following else None,
        paper=keep_paper(account, quote),
        sent_at=at,
        sent_by_id=by.id if by.kind == ActorKind.STAFF else None,
    )
    QuotationLine.objects.bulk_create(_lines_of(quotation, new.lines, worked_out))
    record(QuotationSent(quotation.pk), account=account, at=at, by=by)
    return quotation


@transaction.atomic
def tell_quotation(*, quotation: Quotation, at: datetime, by: Actor) -> Quote:
    """Return what a quotation costs if it is accepted at `at`.

    Raises QuotationEnded, QuotationExpired, QuotationOutdated, and what `work_out_offer` raises.
    """
    _require_waiting(quotation, at)
    return _work_out(quotation, at, by).quote


@transaction.atomic
def accept_quotation(*, quotation: Quotation, expected: str, at: datetime, by: Actor) -> list[Document]:
    """Add the licences at the prices of the quotation and issue what is due for it, as one; returns the documents.

    `expected` is the digest of the figures that were read. Raises QuoteChanged when any of them would be another by now,
    OrderWaits while an order waits for its payment, and what `tell_quotation` raises; nothing happens then.
    """
    account = lock_account(quotation.account)
    held = _hold(quotation, account)
    _require_waiting(held, at)
    if get_waiting_order(account):
        raise OrderWaits("An order waits for its payment. Finish it or give it up first.")
    _work_out(held, at, by)
    order = _order_of(account, _offered(held), at)
    issued = place_order(account=account, order=order, expected=expected, at=at, by=by)
    apply_unapplied(account, at=at)
    held.digest = expected
    held.document = next((one for one in issued if one.kind == DocumentKind.INVOICE), None)
    _end(held, QuotationState.ACCEPTED, at, by)
    document_ids = tuple(document.pk for document in issued)
    record(QuotationAccepted(held.pk, document_ids), account=account, at=at, by=by)
    return issued


@transaction.atomic
def decline_quotation(*, quotation: Quotation, why: str = "", at: datetime, by: Actor) -> Quotation:
    """Say no to a quotation, with a word to the vendor. Raises QuotationEnded, QuotationExpired and UnfitText."""
    account = lock_account(quotation.account)
    held = _hold(quotation, account)
    _require_waiting(held, at)
    held.answer = clean_text(" ".join(why.split()), LONGEST_NOTE, what="The note")
    _end(held, QuotationState.DECLINED, at, by)
    record(QuotationDeclined(held.pk), account=account, at=at, by=by)
    return held


@transaction.atomic
def withdraw_quotation(*, quotation: Quotation, at: datetime, by: Actor) -> Quotation:
    """Take a quotation back that nobody accepted; the request it answered waits again. Raises QuotationEnded."""
    account = lock_account(quotation.account)
    held = _hold(quotation, account)
    if held.state != QuotationState.SENT:
        raise _ended(held)
    _end(held, QuotationState.WITHDRAWN, at, by)
    if held.request:
        reopen_request(request=held.request, at=at, by=by)
    record(QuotationWithdrawn(held.pk), account=account, at=at, by=by)
    return held


def _hold(quotation: Quotation, account: Account) -> Quotation:
    held = Quotation.objects.select_for_update(no_key=True, of=["self"]).select_related("request")
    found = held.get(account=account, pk=quotation.pk)
    found.account = account
    return found


def _require_waiting(quotation: Quotation, at: datetime) -> None:
    if quotation.state != QuotationState.SENT:
        raise _ended(quotation)
    if quotation.state_on(today_of(quotation.account, at)) == QuotationState.EXPIRED:
        raise QuotationExpired(
            f"This quotation was valid until {quotation.valid_until:%d %B %Y}. "
            f"For a new one, contact {sales_contact_of(quotation.account)}."
        )


def _ended(quotation: Quotation) -> QuotationEnded:
    state = QuotationState(quotation.state).label.lower()
    return QuotationEnded(f"Quotation {quotation.number} was {state} before. Look at it again.")


def _work_out(quotation: Quotation, at: datetime, by: Actor) -> WorkedOut:
    """Return what it costs now. Raises QuotationOutdated where its prices cannot be kept."""
    contact = sales_contact_of(quotation.account)
    outdated = QuotationOutdated(
        f"What this quotation is based on has changed since it was sent. For a new one, contact {contact}."
    )
    try:
        worked_out = work_out_offer(account=quotation.account, lines=_offered(quotation), at=at, by=by)
    except NotFound:
        raise outdated from None
    if any(worked_out.prices.get(line.item_id) != line.price for line in quotation.lines.all()):
        raise outdated
    return worked_out


def _offered(quotation: Quotation) -> list[OfferedLine]:
    return [OfferedLine(line.item_id, line.number, line.agreed) for line in quotation.lines.all()]


def _order_of(account: Account, lines: Sequence[OfferedLine], at: datetime) -> QuotedOrder:
    agreement = get_agreement(account, at=at)
    if agreement is None or agreement.is_over:
        raise NotFound("subscription")
    keys = {one.item.pk: one.item.pool.licence_type.key for one in agreement.licences}
    if any(line.item_id not in keys for line in lines):
        raise NotFound("licence in this subscription")
    return QuotedOrder(
        {line.item_id: line.number for line in lines},
        {keys[line.item_id]: dict(line.agreed) for line in lines if line.agreed},
    )


def _lines_of(
    quotation: Quotation, lines: Sequence[OfferedLine], worked_out: WorkedOut
) -> list[QuotationLine]:
    return [
        QuotationLine(
            account=quotation.account,
            quotation=quotation,
            position=position,
            item_id=line.item_id,
            name=worked_out.names[line.item_id],
            number=line.number,
            agreed=dict(line.agreed),
            price=worked_out.prices[line.item_id],
        )
        for position, line in enumerate(lines, 1)
    ]


def _end(quotation: Quotation, state: QuotationState, at: datetime, by: Actor) -> None:
    quotation.state, quotation.ended_at = state, at
    quotation.answered_by_id = by.id if by.kind == ActorKind.USER else None
    quotation.save(update_fields=["state", "ended_at", "answered_by", "answer", "digest", "document"])
