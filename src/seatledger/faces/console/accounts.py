"""Console > Accounts: every account, found by name, serial number, address, state and the day something is due."""

from datetime import date
from typing import cast
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.accounts import (
    AccountKey,
    AccountSearch,
    find_accounts_for_operator,
    key_of_row,
)
from seatledger.domain.staff.queries.states import AccountState
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.ui.paging import PAGE, decode_key, page_of


class AccountSearchForm(forms.Form):
    """What the list is narrowed to; a part that makes no sense is ignored."""

    search = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[("", "All"), *AccountState.choices])
    due_from = forms.DateField(required=False)
    due_to = forms.DateField(required=False)

    def wanted(self) -> AccountSearch:
        self.is_valid()
        found = self.cleaned_data
        return AccountSearch(
            text=found.get("search") or "",
            state=AccountState(found["state"]) if found.get("state") else None,
            due_from=found.get("due_from"),
            due_to=found.get("due_to"),
        )


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_accounts(request: ConsoleRequest) -> HttpResponse:
    """List accounts, by name or by the day on which something is due."""
    filters = AccountSearchForm(request.GET)
    wanted, after = filters.wanted(), request.GET.get("after", "")
    first = date.fromisoformat if wanted.by_day else str
    key = cast("AccountKey | None", decode_key(after, (first, UUID)))
    found = find_accounts_for_operator(wanted, after=key, limit=PAGE + 1, at=timezone.now())
    page = page_of(found.rows, key_of=lambda row: key_of_row(row, wanted), after=after)
    query = request.GET.copy()
    query.pop("after", None)
    more = query.copy()
    more["after"] = page.next_key
    context = {
        "page": page,
        "filters": filters,
        "by_day": wanted.by_day,
        "too_many": found.too_many,
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": f"?{more.urlencode()}" if page.next_key else "",
    }
    return render(request, "console/accounts.html", context)
