"""The licence history as a file: every row that the filter lets through, written while it is read.

The file is made after the request's transaction has ended, so each batch is read in a short transaction of its own,
bound to the same account. A slow reader holds no transaction open, and nothing is ever read outside the wall.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Cause
from seatledger.domain.licences.queries import (
    HistoryFilter,
    HistoryKey,
    HistoryRow,
    list_history,
    name_history,
    today_of,
)
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.entry_words import action_of, values_of
from seatledger.faces.portal.history import HistoryForm
from seatledger.faces.portal.places import Place, own_place
from seatledger.faces.ui.csv_files import BYTE_ORDER_MARK, as_csv
from seatledger.shared.boundary import bind_account

BATCH = 2000
HEADINGS = ("When", "Who", "Action", "Why", "Licence type", "Holder", "Before", "After", "Reason")


@private(Permission.LICENCES_VIEW)
@require_GET
def export_history(request: PortalRequest) -> HttpResponseBase:
    """Send the account's own licence history as a file."""
    return stream_history(request, own_place(request))


def stream_history(request: PortalRequest, place: Place) -> HttpResponseBase:
    """Send what the history's filter lets through. Raises BadRequest for a filter that makes no sense."""
    form = HistoryForm(request.GET, account=place.account)
    if not form.is_valid():
        raise BadRequest("The filter of this export makes no sense. Go back to the licence history.")
    day = today_of(place.account, timezone.now())
    return StreamingHttpResponse(
        csv_parts(place.account, form.wanted()),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="licence-history-{place.account.serial_number}-{day}.csv"',
            "Cache-Control": "no-store",
        },
    )


def csv_parts(account: Account, wanted: HistoryFilter) -> Iterator[str]:
    """Yield the file in parts, newest rows first. Each part is read within the account's own wall."""
    yield BYTE_ORDER_MARK + as_csv([HEADINGS])
    before: HistoryKey | None = None
    while True:
        with transaction.atomic():
            bind_account(account.pk)
            entries = list_history(account, wanted, before=before, limit=BATCH)
            rows = name_history(account, entries)
        if rows:
            yield as_csv([_cells(row, ZoneInfo(account.time_zone)) for row in rows])
        if len(entries) < BATCH:
            return
        before = (entries[-1].at, entries[-1].sequence)


def _cells(row: HistoryRow, zone: ZoneInfo) -> tuple[str, ...]:
    entry = row.entry
    before, after = values_of(entry)
    return (
        entry.at.astimezone(zone).isoformat(sep=" ", timespec="seconds"),
        row.actor,
        action_of(entry),
        Cause(entry.cause).label,
        row.licence,
        row.holder,
        before,
        after,
        entry.reason,
    )
