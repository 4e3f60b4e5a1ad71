"""One kind of licence: its numbers over time, who holds one now, and giving, freeing and moving single licences."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import HeldBy
from seatledger.domain.invoices.queries import BilledLine, list_billed_lines
from seatledger.domain.licences.actions import assign_licences, move_licence, release_licences
from seatledger.domain.licences.models import Assignment, Pool
from seatledger.domain.licences.queries import (
    get_assignment,
    get_pool,
    list_holders,
    list_users_without,
    name_pools,
    today_of,
)
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import UserFilter, users_matching
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.coming_charges import find_coming
from seatledger.faces.portal.places import Place, own_place
from seatledger.faces.portal.pool_chart import chart_of, fills_of, months_of, span_of
from seatledger.faces.portal.pool_lines import line_of
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import NotFound, Refused

FIRST_CHOICES = 50


@dataclass(frozen=True)
class Holding:
    """A licence in use as a row. `locked_until` is set while it can be neither released nor moved."""

    assignment: Assignment
    locked_until: datetime | None


@private(Permission.LICENCES_VIEW)
@require_GET
def show_pool(request: PortalRequest, pool_id: UUID) -> HttpResponse:
    """Show a kind of licence: its numbers now, and how they came about."""
    pool = get_pool(request.account, pool_id)
    now = timezone.now()
    months = months_of(pool, today=today_of(request.account, now))
    month = request.GET.get("month", "")
    if month and month not in {choice.key for choice in months}:
        raise NotFound("month of these licences")
    may_see_billing = Permission.BILLING_VIEW in request.permissions
    billed = _billed(request.account, pool, month, now) if may_see_billing else []
    context = _context(request, own_place(request), pool, now) | {
        "chart": chart_of(request.account, pool, month=month, now=now, fills=fills_of(billed)),
        "billed": billed,
        "coming": find_coming(request.account, pool, now) if may_see_billing else None,
        "months": months,
        "month": month,
    }
    return render(request, "portal/pool.html", context)


def _billed(account: Account, pool: Pool, month: str, now: datetime) -> list[BilledLine]:
    start, end = span_of(account, pool, month=month, now=now)
    return list_billed_lines(account, pool, start=start, end=end)


@private(Permission.LICENCES_VIEW)
@require_GET
def show_holders(request: PortalRequest, pool_id: UUID) -> HttpResponse:
    """List who holds a licence of the pool now."""
    return render_holders(request, own_place(request), get_pool(request.account, pool_id))


def render_holders(
    request: PortalRequest, place: Place, pool: Pool, *, refusal: Refused | None = None
) -> HttpResponse:
    """List who holds a licence of a place's pool, with the refusal of what was just tried."""
    now, after = timezone.now(), request.GET.get("after", "")
    search = request.GET.get("search", "")
    key = cast("tuple[str, UUID] | None", decode_key(after, (str, UUID)))
    rows = list_holders(place.account, pool, search=search, after=key, limit=PAGE + 1)
    page = page_of(
        [Holding(row, _locked_until(row, pool, now)) for row in rows],
        key_of=lambda holding: (holding.assignment.holder_name, holding.assignment.pk),  # type: ignore[attr-defined] # the query adds it for this
        after=after,
    )
    query = QueryDict(mutable=True)
    if search:
        query["search"] = search
    context = _context(request, place, pool, now) | {
        "page": page,
        "search": search,
        "refusal": refusal,
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": _next_url(query, page.next_key),
    }
    return render(request, "portal/holders.html", context, status=422 if refusal else 200)


def _next_url(query: QueryDict, key: str) -> str:
    if not key:
        return ""
    query = query.copy()
    query["after"] = key
    return f"?{query.urlencode()}"


def _locked_until(assignment: Assignment, pool: Pool, now: datetime) -> datetime | None:
    until = assignment.assigned_at + timedelta(days=pool.licence_type.lock_days)
    return until if until > now else None


def _context(request: PortalRequest, place: Place, pool: Pool, now: datetime) -> dict[str, object]:
    name = name_pools(place.account, [pool])[pool.pk]
    by_hand = pool.licence_type.held_by == HeldBy.USER and not pool.counts_active_users
    may_assign = Permission.LICENCES_ASSIGN in request.permissions and not place.is_customer
    return {
        "place": place,
        "pool": pool,
        "name": name,
        "line": line_of(pool, place, name=name, today=today_of(place.account, now)),
        "for_devices": pool.licence_type.held_by == HeldBy.DEVICE,
        "may_assign": may_assign and by_hand,
        "may_add_device": Permission.DEVICES_MANAGE in request.permissions and not place.is_customer,
    }


def users_sent(request: PortalRequest) -> list[User]:
    """Return the account's users whose ids a form or a search sent as `user`. Raises NotFound for any other id."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        ids = tuple(dict.fromkeys(UUID(text) for text in sent.getlist("user")))
    except ValueError:
        raise NotFound("user") from None
    found = list(users_matching(request.account, UserFilter(ids=ids))) if ids else []
    if len(found) != len(ids):
        raise NotFound("user")
    return found


@private(Permission.LICENCES_ASSIGN)
@require_http_methods(["GET", "POST"])
def assign(request: PortalRequest, pool_id: UUID) -> HttpResponse:
    """Let the reader choose among the users who hold none, and give each chosen one a licence: all or none."""
    pool = get_pool(request.account, pool_id)
    users, refusal = users_sent(request), ""
    if request.method == "POST":
        refusal = "" if users else "No user is chosen. Choose one or more."
        try:
            if users:
                ids = [user.pk for user in users]
                assign_licences(pool=pool, user_ids=ids, at=timezone.now(), by=request.actor)
                messages.success(request, f"{_names(users)} now {_hold(users)} {_a_licence(request, pool)}.")
                return redirect("portal:holders", pool_id)
        except NotFound:
            raise
        except Refused as error:
            refusal = str(error)
    return _choose(request, pool, template="portal/assign.html", chosen=users, refusal=refusal)


@private(Permission.LICENCES_ASSIGN)
@require_POST
def release(request: PortalRequest, pool_id: UUID) -> HttpResponse:
    """Free the chosen licences, all of them or none. `only` names one, whatever else is ticked."""
    pool = get_pool(request.account, pool_id)
    chosen = request.POST.getlist("only") or request.POST.getlist("assignment")
    try:
        ids = {UUID(text) for text in chosen}
    except ValueError:
        raise NotFound("licence in use") from None
    if not ids:
        messages.warning(request, "Nothing is selected. Select one or more licences, then release them.")
        return redirect("portal:holders", pool_id)
    try:
        number = release_licences(
            account=request.account, assignment_ids=ids, at=timezone.now(), by=request.actor
        )
    except NotFound:
        raise
    except Refused as refusal:
        return render_holders(request, own_place(request), pool, refusal=refusal)
    messages.success(request, f"Released {number} licence{'s' if number != 1 else ''}.")
    return redirect("portal:holders", pool_id)


@private(Permission.LICENCES_ASSIGN)
@require_http_methods(["GET", "POST"])
def move(request: PortalRequest, assignment_id: UUID) -> HttpResponse:
    """Let the reader choose who gets this licence instead, and move it at one instant."""
    assignment = get_assignment(request.account, assignment_id)
    if assignment.user is None:
        raise NotFound("licence of a user")
    pool = get_pool(request.account, assignment.pool_id)
    users, refusal = users_sent(request)[:1], ""
    if request.method == "POST":
        refusal = "" if users else "No user is chosen. Choose one."
        try:
            if users:
                move_licence(assignment=assignment, to_user=users[0], at=timezone.now(), by=request.actor)
                messages.success(
                    request, f"Moved the licence from {assignment.user.full_name} to {users[0].full_name}."
                )
                return redirect("portal:holders", pool.pk)
        except NotFound:
            raise
        except Refused as error:
            refusal = str(error)
    more: dict[str, object] = {"assignment": assignment}
    return _choose(request, pool, template="portal/move.html", chosen=users, refusal=refusal, more=more)


def _choose(
    request: PortalRequest,
    pool: Pool,
    *,
    template: str,
    chosen: list[User],
    refusal: str,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    search = request.GET.get("search", "")
    found = list_users_without(request.account, pool, search=search, limit=FIRST_CHOICES + 1)
    ticked = {user.pk for user in chosen}
    context = _context(request, own_place(request), pool, timezone.now()) | {
        "search": search,
        "refusal": refusal,
        "ticked": ticked,
        "choices": [*chosen, *(user for user in found[:FIRST_CHOICES] if user.pk not in ticked)],
        "more_exist": len(found) > FIRST_CHOICES,
        **(more or {}),
    }
    return render(request, template, context, status=422 if refusal else 200)


def _names(users: list[User]) -> str:
    return users[0].full_name if len(users) == 1 else f"{len(users)} users"


def _hold(users: list[User]) -> str:
    return "holds" if len(users) == 1 else "hold"


def _a_licence(request: PortalRequest, pool: Pool) -> str:
    return f"a licence of {name_pools(request.account, [pool])[pool.pk]}"
