"""A provider's customers: the list, and one customer's licences, which the provider's staff see and limit."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from seatledger.domain.accounts.queries import count_customers, list_customers
from seatledger.domain.licences.actions import change_totals
from seatledger.domain.licences.queries import (
    CustomersTotal,
    TypeUse,
    customers_using,
    get_account_type,
    get_customers_total,
    get_pool,
    list_customer_uses,
    today_of,
)
from seatledger.domain.licences.refusals import TotalBelowUse
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, enter_customer, private
from seatledger.faces.portal.billing import region_of
from seatledger.faces.portal.history import render_history
from seatledger.faces.portal.history_csv import stream_history
from seatledger.faces.portal.metrics import render_metrics
from seatledger.faces.portal.places import Place
from seatledger.faces.portal.pool_lines import PoolLine, pool_lines
from seatledger.faces.portal.pools import render_holders
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import clean_search


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def show_customers(request: PortalRequest) -> HttpResponse:
    """List the provider's customers with what they use, below the provider's own totals."""
    provider, after = request.account, request.GET.get("after", "")
    if not provider.is_provider:
        raise NotFound("customer")
    search = clean_search(request.GET.get("search", ""))
    key = cast("tuple[str, UUID] | None", decode_key(after, (str, UUID)))
    total = get_customers_total(provider)
    chosen = _chosen_type(request.GET.get("type", ""), total)
    customers = list_customers(
        provider,
        search=search,
        ids=customers_using(provider, chosen.licence_type.pk) if chosen else None,
        after=key,
        limit=PAGE + 1,
    )
    page = page_of(customers, key_of=lambda customer: (customer.name, customer.pk), after=after)
    query = QueryDict(mutable=True)
    if search:
        query["search"] = search
    if chosen:
        query["type"] = str(chosen.licence_type.pk)
    first_url = f"?{query.urlencode()}" if not page.is_first else ""
    query["after"] = page.next_key
    context = {
        "page": page,
        "lines": list_customer_uses(
            provider,
            page.rows,
            chosen=chosen.licence_type.pk if chosen else None,
            at=timezone.now(),
        ),
        "search": search,
        "number": count_customers(provider),
        "total": total,
        "may_open": Permission.CUSTOMERS_OPEN in request.permissions,
        "chosen": chosen,
        "first_url": first_url,
        "next_url": f"?{query.urlencode()}" if page.next_key else "",
    }
    return render(request, "portal/customers.html", context)


def _chosen_type(text: str, total: CustomersTotal) -> TypeUse | None:
    """Return the licence type that the list is narrowed to, if any. Raises NotFound."""
    found = next((use for use in total.by_type if str(use.licence_type.pk) == text), None)
    if text and found is None:
        raise NotFound("licence type")
    return found


def _place(request: PortalRequest, customer_id: UUID) -> Place:
    return Place(enter_customer(request, customer_id), is_customer=True)


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def show_customer(request: PortalRequest, customer_id: UUID) -> HttpResponse:
    """Show a customer's account and licence information."""
    place, now = _place(request, customer_id), timezone.now()
    context = {
        "place": place,
        "account_type": get_account_type(place.account, now),
        "region": region_of(place.account),
        "lines": pool_lines(place, today=today_of(place.account, now)),
    }
    return render(request, "portal/customer.html", context)


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def show_customer_metrics(request: PortalRequest, customer_id: UUID) -> HttpResponse:
    """Show a customer's licence metrics, with Edit for those who may change the maximums."""
    may_edit = Permission.CUSTOMERS_MANAGE in request.permissions
    return render_metrics(request, _place(request, customer_id), may_edit=may_edit)


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def show_customer_holders(request: PortalRequest, customer_id: UUID, pool_id: UUID) -> HttpResponse:
    """List who holds a licence of one of a customer's pools."""
    place = _place(request, customer_id)
    return render_holders(request, place, get_pool(place.account, pool_id))


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def show_customer_history(request: PortalRequest, customer_id: UUID) -> HttpResponse:
    """Show a customer's licence history."""
    return render_history(request, _place(request, customer_id))


@private(Permission.CUSTOMERS_VIEW)
@require_GET
def export_customer_history(request: PortalRequest, customer_id: UUID) -> HttpResponseBase:
    """Send a customer's licence history as a file."""
    return stream_history(request, _place(request, customer_id))


class TotalsForm(forms.Form):
    """One number for each limited pool, and why it changes."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Shown in the customer's licence history.",
    )
    allow_below_use = forms.BooleanField(
        label="Save a number below what is in use",
        help_text="Nobody loses a licence. The licences show as over-assigned, and none can be assigned until enough are released.",
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, lines: list[PoolLine]) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if line.pool.total_licences is not None]
        for line in self.lines:
            self.fields[_field_of(line)] = forms.IntegerField(
                label=line.name,
                min_value=0,
                initial=line.pool.total_licences,
                help_text=f"{line.pool.assigned_licences:,} in use",
            )

    def bound_lines(self) -> list[tuple[PoolLine, forms.BoundField]]:
        return [(line, self[_field_of(line)]) for line in self.lines]

    def totals(self) -> dict[UUID, int]:
        return {line.pool.pk: self.cleaned_data[_field_of(line)] for line in self.lines}


def _field_of(line: PoolLine) -> str:
    return f"total-{line.pool.pk}"


@private(Permission.CUSTOMERS_MANAGE)
@require_http_methods(["GET", "POST"])
def edit_customer_metrics(request: PortalRequest, customer_id: UUID) -> HttpResponse:
    """Show a customer's maximums as fields. Nothing is stored before Save, and then all of them or none."""
    place, now = _place(request, customer_id), timezone.now()
    lines = pool_lines(place, today=today_of(place.account, now))
    form, below_use = TotalsForm(request.POST or None, lines=lines), False
    if form.is_valid():
        try:
            changed = change_totals(
                account=place.account,
                totals=form.totals(),
                reason=form.cleaned_data["reason"],
                over_assign=form.cleaned_data["allow_below_use"],
                at=now,
                by=request.actor,
            )
        except Refused as refusal:
            below_use = isinstance(refusal, TotalBelowUse)
            form.add_error(None, str(refusal))
        else:
            said = {0: "Nothing was changed.", 1: "1 maximum was changed."}
            messages.success(request, said.get(changed, f"{changed} maximums were changed."))
            return redirect("portal:customer_metrics", customer_id)
    context = {"place": place, "form": form, "below_use": below_use}
    return render(request, "portal/edit_metrics.html", context, status=422 if form.is_bound else 200)
