"""Billing > Licence history: every change to licences, newest first, narrowed as the reader likes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.queries import list_all_steps
from seatledger.domain.licences.models import EntryKind
from seatledger.domain.licences.queries import (
    HistoryFilter,
    HistoryKey,
    HistoryRow,
    find_holders_named,
    list_history,
    list_pools,
    name_history,
    name_pools,
    names_of_devices,
)
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import names_of_users
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.entry_words import EntryWords, words_of
from seatledger.faces.portal.places import Place, own_place
from seatledger.faces.portal.pool_lines import BOUGHT_KINDS
from seatledger.faces.ui.paging import PAGE, decode_key, page_of

KINDS = {
    BOUGHT_KINDS: (EntryKind.POOL_OPENED, EntryKind.TOTAL_CHANGED, EntryKind.CAP_CHANGED),
    "expiry": (EntryKind.EXPIRY_CHANGED,),
    "terms": (EntryKind.TERMS_CHANGED,),
    "assigned": (EntryKind.ASSIGNED,),
    "released": (EntryKind.RELEASED,),
}
KIND_CHOICES = (
    ("", "All"),
    (BOUGHT_KINDS, "Totals and maximums"),
    ("expiry", "Expiry dates"),
    ("terms", "Terms"),
    ("assigned", "Assigned"),
    ("released", "Released"),
)
EARLIEST, LATEST = date(1970, 1, 2), date(2999, 12, 31)


class HistoryForm(forms.Form):
    """What the history is narrowed to. `holder` is a part of a name, or the id that a link carries."""

    type = forms.ChoiceField(label="Licence type", required=False)
    kind = forms.ChoiceField(label="Action", required=False, choices=KIND_CHOICES)
    first = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    holder = forms.CharField(label="Holder", required=False, max_length=200)

    def __init__(self, data: QueryDict, *, account: Account) -> None:
        super().__init__(data, label_suffix="")
        self.account = account
        pools = list_pools(account)
        names = name_pools(account, pools)
        choices = [("", "All"), *((str(pool.pk), names[pool.pk]) for pool in pools)]
        cast("forms.ChoiceField", self.fields["type"]).choices = choices

    def clean(self) -> None:
        for name in ("first", "last"):
            day = self.cleaned_data.get(name)
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"Choose a day between {EARLIEST.year} and {LATEST.year}.")
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", "Choose a day that is not before the first one.")

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def holder_id(self) -> UUID | None:
        try:
            return UUID(self.cleaned_data.get("holder") or "")
        except ValueError:
            return None

    def wanted(self) -> HistoryFilter:
        """Return the filter. The form must be valid."""
        found = self.cleaned_data
        holder_ids = None
        if found["holder"]:
            by_id = self.holder_id
            holder_ids = (by_id,) if by_id else find_holders_named(self.account, found["holder"])
        return HistoryFilter(
            pool_id=UUID(found["type"]) if found["type"] else None,
            kinds=KINDS.get(found["kind"], ()),
            first_on=found["first"],
            last_on=found["last"],
            holder_ids=holder_ids,
        )


@dataclass(frozen=True)
class Line:
    """A row of the history with its words."""

    row: HistoryRow
    words: EntryWords


@private(Permission.LICENCES_VIEW)
@require_GET
def show_history(request: PortalRequest) -> HttpResponse:
    """Show the account's own licence history."""
    return render_history(request, own_place(request))


def render_history(request: PortalRequest, place: Place) -> HttpResponse:
    """Show a place's licence history, narrowed by the query; a filter that makes no sense shows what is wrong."""
    account, form = place.account, HistoryForm(request.GET, account=place.account)
    after = request.GET.get("after", "")
    key = cast("HistoryKey | None", decode_key(after, (_instant, int)))
    entries = []
    if form.is_valid():
        entries = list_history(account, form.wanted(), before=key, limit=PAGE + 1)
    page = page_of(
        [Line(row, words_of(row)) for row in name_history(account, entries)],
        key_of=lambda line: (line.row.entry.at.isoformat(), line.row.entry.sequence),
        after=after,
    )
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "place": place,
        "page": page,
        "form": form,
        "holder_name": _holder_name(form) if form.is_valid() else "",
        "csv_url": f"{place.url('history_csv')}?{query.urlencode()}",
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": f"?{_with_key(query, page.next_key)}" if page.next_key else "",
        "may_ask": Permission.BILLING_MANAGE in request.permissions and not place.is_customer,
        "may_see_details": Permission.BILLING_VIEW in request.permissions,
        "may_see_history": True,
        "closure_steps": list_all_steps(account) if page.is_first and not form.is_narrowed else (),
    }
    return render(request, "portal/history.html", context, status=200 if form.is_valid() else 422)


def _holder_name(form: HistoryForm) -> str:
    holder_id = form.holder_id
    if holder_id is None:
        return ""
    names = names_of_users(form.account, [holder_id]) or names_of_devices(form.account, [holder_id])
    return names.get(holder_id, "unknown")


def _with_key(query: QueryDict, key: str) -> str:
    query = query.copy()
    query["after"] = key
    return query.urlencode()


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant has a zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant lies within the calendar") from None
