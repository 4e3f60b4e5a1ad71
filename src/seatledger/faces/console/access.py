"""Who of the staff may see a page: every view of the console is marked by exactly one of these; a house rule looks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.sessions import StaffSessionStore
from seatledger.shared.errors import NotFound, Refused

P = ParamSpec("P")
# The console reads as Britain does, whatever account it shows.
LANGUAGE = "en-gb"


class ConsoleRequest(HttpRequest):
    """A request of a signed-in member of staff: what every page of the console may rely on."""

    session: StaffSessionStore
    staff: StaffMember
    actor: Actor
    permissions: frozenset[str]


View = Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]


class StaffView(Protocol[P]):
    """A view that says who of the staff may see it."""

    required_permission: StaffPermission | None

    def __call__(self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase: ...


def for_staff(permission: StaffPermission | None) -> Callable[[View[P]], StaffView[P]]:
    """Mark a view as for staff with `permission`; None means for everyone of the staff.

    The view's refusals are answered here: NotFound as 404, every other that the view did not show itself as a page
    with the refusal's own words.
    """

    def mark(view: View[P]) -> StaffView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if getattr(request, "staff", None) is None:
                return ask_to_sign_in(request)
            visitor = cast("ConsoleRequest", request)
            visitor.actor = Actor.admin_team(visitor.staff.pk)
            visitor.permissions = visitor.staff.allowed
            if permission is not None and permission not in visitor.permissions:
                raise PermissionDenied(
                    f"Your role, {visitor.staff.get_role_display()}, does not include “{permission.label}”."
                )
            try:
                with override(LANGUAGE):
                    return view(visitor, *args, **kwargs)
            except NotFound as refusal:
                raise Http404(str(refusal)) from refusal
            except Refused as refusal:
                return render(request, "console/refused.html", {"refusal": refusal}, status=422)

        marked = cast("StaffView[P]", guarded)
        marked.required_permission = permission
        return marked

    return mark


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the console's own sign-in page, and back afterwards."""
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{reverse('console:sign_in')}?{query}".rstrip("?"))
