"""Licence metrics: what an account uses, in four groups, now or at any past instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.queries import Metric, MetricsGroup, get_licence_metrics
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.places import Place, own_place
from seatledger.faces.portal.pool_lines import holders_url
from seatledger.faces.ui.meters import MeterReading, read_meter
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class Line:
    """A metric as the page shows it: how full it is, and where its number leads."""

    metric: Metric
    reading: MeterReading
    url: str


@dataclass(frozen=True)
class Group:
    label: str
    lines: tuple[Line, ...]


class NoSuchInstant(Refused):
    """The day asked for is none, or is outside what the ledger knows."""

    code = "no_such_instant"


@private(Permission.LICENCES_VIEW)
@require_GET
def show_metrics(request: PortalRequest) -> HttpResponse:
    """Show the account's own licence metrics."""
    return render_metrics(request, own_place(request))


def render_metrics(request: PortalRequest, place: Place, **more: object) -> HttpResponse:
    """Show the licence metrics of a place, now or at the instant that `?at=` names."""
    now = timezone.now()
    asked = request.GET.get("at", "").strip()
    then, refusal = None, None
    try:
        then = instant_of(asked, account=place.account, now=now) if asked else None
    except NoSuchInstant as error:
        refusal = error
    context = {
        "place": place,
        "groups": [group_of(group, place) for group in get_licence_metrics(place.account, at=then)],
        "now": now,
        "then": then,
        "asked": asked,
        "refusal": refusal,
        "may_see_invoices": Permission.BILLING_VIEW in request.permissions and not place.is_customer,
        "may_ask": Permission.BILLING_MANAGE in request.permissions,
        "today": now.astimezone(ZoneInfo(place.zone)).date(),
    }
    return render(request, "portal/metrics.html", context | more, status=422 if refusal else 200)


def instant_of(text: str, *, account: Account, now: datetime) -> datetime:
    """Return the instant that a day (its end) or a date and time, in the account's zone, stands for.

    Raises NoSuchInstant for anything else, for the future, and for a time before the account was opened.
    """
    zone = ZoneInfo(account.time_zone)
    try:
        at = _read_instant(text, zone)
    except (ValueError, OverflowError):
        raise NoSuchInstant("Choose a day such as 2026-03-03.") from None
    if at < account.opened_at:
        raise NoSuchInstant("The account did not exist yet. Choose a later day.")
    if at.astimezone(zone).date() > now.astimezone(zone).date():
        raise NoSuchInstant("That is in the future. Choose today or a day before.")
    return min(at, now)


def _read_instant(text: str, zone: ZoneInfo) -> datetime:
    if len(text) > len("2026-03-03"):
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    next_day = date.fromisoformat(text) + timedelta(days=1)
    midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def group_of(group: MetricsGroup, place: Place) -> Group:
    """Return a group of metrics with what the page needs beside each number."""
    return Group(
        group.group.label,
        tuple(
            Line(metric, read_meter(metric.used, metric.maximum), holders_url(metric.pool, place))
            for metric in group.metrics
        ),
    )
