"""View as customer: the portal's own pages below /console/view/, bound to the account, in a transaction that only reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import timezone
from django.views.decorators.http import require_POST
from psycopg.errors import ReadOnlySqlTransaction

from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.people.queries import get_first_administrator
from seatledger.domain.staff.actions import begin_view
from seatledger.domain.staff.models import StaffMember, StaffView
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.ui.viewing import Viewing
from seatledger.shared.boundary import bind_account

PREFIX: Final = "/console/view/"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
# What changes nothing but the reader's own cookie.
HARMLESS: Final = ("ui",)


@for_staff(StaffPermission.VIEW_AS_CUSTOMER)
@require_POST
def view_as(request: ConsoleRequest, serial: str) -> HttpResponse:
    """Begin to look at the portal as this account's people see it."""
    account = get_account_for_operator(serial)
    view = begin_view(account=account, at=timezone.now(), by=request.actor)
    return redirect(f"{PREFIX}{view.pk}/")


def enter_view(request: HttpRequest, staff: StaffMember, *, at: datetime) -> HttpResponse | None:
    """Let the rest of the request be the portal's, or return why not. The transaction reads only from here on."""
    view_id, _, path = request.path_info.removeprefix(PREFIX).partition("/")
    view = _find_view(view_id, staff, at=at)
    if view is None:
        return redirect("console:accounts")
    if not _may_be_seen(f"/{path}", request.method or ""):
        return refuse_view()
    back_url = reverse("console:account", args=[view.about.serial_number])
    bind_account(view.about_id)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    request.viewing = Viewing(get_first_administrator(view.about), view.ends_at, back_url)  # type: ignore[attr-defined] # what `viewing_of` reads
    request.path_info = f"/{path}"
    return None


@contextmanager
def below_view(request: HttpRequest) -> Iterator[None]:
    """Let every address that the portal makes lie below the view's own."""
    before = get_script_prefix()
    set_script_prefix(request.path.removesuffix(request.path_info) + "/")
    try:
        yield
    finally:
        set_script_prefix(before)


def refuse_view() -> HttpResponse:
    """Say that this cannot be done, or be shown, while looking only."""
    return HttpResponse(render_to_string("console/view_refused.html"), status=403)


def is_read_only_error(error: BaseException) -> bool:
    """Say whether an error is the database's refusal to write."""
    return isinstance(error, ReadOnlySqlTransaction) or isinstance(error.__cause__, ReadOnlySqlTransaction)


def _find_view(view_id: str, staff: StaffMember, *, at: datetime) -> StaffView | None:
    if StaffPermission.VIEW_AS_CUSTOMER not in staff.allowed:
        return None
    try:
        known = UUID(view_id)
    except ValueError:
        return None
    rows = StaffView.objects.select_related("about").filter(member=staff, ends_at__gt=at)
    return rows.filter(pk=known).first()


def _may_be_seen(path: str, method: str) -> bool:
    """Say whether this is a page of the portal that is only looked at."""
    try:
        match = resolve(path)
    except Resolver404:
        return method in SAFE  # the portal's own "not found"
    if match.namespaces == [*HARMLESS]:
        return True
    return match.namespaces == ["portal"] and method in SAFE
