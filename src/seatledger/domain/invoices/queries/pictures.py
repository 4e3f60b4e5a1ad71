"""Why invoices differ from the metrics: what was billed of a pool in a period, and what each line is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, Line
from seatledger.domain.invoices.workings import read_line
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries.areas import read_areas_for_operator, read_holders_for_operator
from seatledger.domain.subscriptions.agreements import AgreedItem
from seatledger.domain.subscriptions.models import SubscriptionItem
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.engine.days import start_of_day
from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Line as Charge
from seatledger.engine.periods import Period
from seatledger.engine.policies import CountingRule
from seatledger.engine.reconciling import Contribution, reconcile_line

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BilledLine:
    """A line of an issued document, with its working."""

    document: Document
    row: Line
    charge: Charge


def list_billed_pool_ids(account: Account) -> set[UUID]:
    """Return the pools that a subscription pays for or has paid for."""
    return set(SubscriptionItem.objects.filter(account=account).values_list("pool_id", flat=True))


def list_billed_periods(account: Account, pool: Pool, *, limit: int = 60) -> list[Period]:
    """Return the periods for which a pool was billed, newest first."""
    bounds = _lines_of(account, pool).values_list("period_starts_on", "period_ends_on").distinct()
    found = bounds.order_by("-period_starts_on", "-period_ends_on")[:limit]
    return [Period(starts_on, ends_on) for starts_on, ends_on in found if starts_on and ends_on]


def list_billed_lines(account: Account, pool: Pool, *, start: date, end: date) -> list[BilledLine]:
    """Return what was billed of a pool for periods that touch the days from `start` to `end` (out), oldest first.

    Drafts are left out, and so is what was declared void: nothing of it is owed.
    """
    rows = _lines_of(account, pool).filter(period_starts_on__lt=end, period_ends_on__gt=start)
    rows = rows.select_related("document__issue").order_by(
        "document__dated_on", "document__issue__issued_at", "document_id", "position"
    )
    return [BilledLine(row.document, row, read_line(row)) for row in rows]


def reconcile_lines(
    account: Account, pool: Pool, billed: Sequence[BilledLine]
) -> list[tuple[Contribution, ...]]:
    """Return, for each line, what its amount is made of: the seats at the start, and each day they changed.

    The parts of a line add up to it exactly. Every line is told with what was known at the end of its document's day.
    """
    if not billed:
        return []
    zone = ZoneInfo(account.time_zone)
    agreed = {
        item.item_id: item
        for item in agreed_items_for_operator([account.pk]).get(account.pk, ())
        if item.pool_id == str(pool.pk)
    }
    first_on = min(line.charge.scale.period.starts_on for line in billed)
    [over_time] = read_areas_for_operator({str(pool.pk): start_of_day(first_on, zone)}).values()
    counts_everyone = any(_counts_everyone(item) for item in agreed.values())
    holders = read_holders_for_operator([pool.pk])[pool.pk] if counts_everyone else ()
    seats = {key: over_time.seats(item.counts_from, holders) for key, item in agreed.items()}
    nobody = over_time.seats({})
    return [
        reconcile_line(
            line.charge,
            Item(
                line.charge.item,
                seats.get(line.charge.item, nobody),
                _phases_known_on(agreed.get(line.charge.item), line.document.dated_on, zone),
            ),
            on=line.document.dated_on,
        )
        for line in billed
    ]


def _lines_of(account: Account, pool: Pool) -> QuerySet[Line]:
    items = SubscriptionItem.objects.filter(account=account, pool=pool).values_list("pk", flat=True)
    return Line.objects.filter(
        account_id=account.pk,
        item_id__in=list(items),
        document__issue__isnull=False,
        document__void__isnull=True,
    )


def _phases_known_on(item: AgreedItem | None, day: date, zone: ZoneInfo) -> tuple[Phase, ...]:
    if item is None:
        return ()
    until = start_of_day(day + _ONE_DAY, zone)
    known = [each for each in item.known if each.since < until]
    return known[-1].phases if known else ()


def _counts_everyone(item: AgreedItem) -> bool:
    return any(phase.tariff.counting is CountingRule.EVER for known in item.known for phase in known.phases)
