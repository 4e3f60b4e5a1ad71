"""Who may see a page: every view is marked by exactly one of these, and a house rule lists those that are not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import override

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_customer
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import permissions_of
from seatledger.faces.portal.language import language_of
from seatledger.faces.ui.viewing import viewing_of
from seatledger.shared.boundary import bind_account
from seatledger.shared.errors import NotFound, Refused

P = ParamSpec("P")


class PortalRequest(HttpRequest):
    """A request of a signed-in person: what every page of the portal may rely on."""

    user: User
    account: Account
    actor: Actor
    permissions: frozenset[str]


View = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


class MarkedView(Protocol[P]):
    """A view that says who may see it."""

    required_permission: Permission | None

    def __call__(self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase: ...


def private(permission: Permission | None) -> Callable[[View[P]], MarkedView[P]]:
    """Mark a view as for signed-in people with `permission`; None means for everyone who is signed in.

    The view's refusals are answered here: NotFound as 404, every other that the view did not show itself as a page
    with the refusal's own words.
    """

    def mark(view: View[P]) -> MarkedView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if looking := viewing_of(request):
                request.user = looking.user
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            visitor = cast("PortalRequest", request)
            visitor.account = visitor.user.account
            visitor.actor = Actor.user(visitor.user.pk)
            visitor.permissions = permissions_of(visitor.user)
            if permission is not None and permission not in visitor.permissions:
                raise PermissionDenied(f"You need the permission “{permission.label}”. Ask an administrator.")
            try:
                with override(language_of(visitor.account.locale)):
                    return view(visitor, *args, **kwargs)
            except NotFound as refusal:
                raise Http404(str(refusal)) from refusal
            except Refused as refusal:
                return render(request, "portal/refused.html", {"refusal": refusal}, status=422)

        marked = cast("MarkedView[P]", guarded)
        marked.required_permission = permission
        return marked

    return mark


def enter_customer(request: PortalRequest, customer_id: UUID) -> Account:
    """Return a customer of the visitor's provider account, and show this request that customer's rows.

    From here on the visitor acts as the provider. Raises NotFound for anyone else's customer.
    """
    provider = request.account
    customer = get_customer(provider, customer_id)
    request.actor = Actor(ActorKind.PROVIDER, request.user.pk, provider.name)
    bind_account(customer.pk)
    customer.provider = provider
    return customer


@contextmanager
def entering_new_customer(request: PortalRequest, customer_id: UUID) -> Iterator[Actor]:
    """Show what is done inside the rows of a customer that is about to be opened, done as the provider.

    Afterwards the request sees its own account again, so that the form can be shown once more.
    """
    bind_account(customer_id)
    try:
        yield Actor(ActorKind.PROVIDER, request.user.pk, request.account.name)
    finally:
        bind_account(request.account.pk)
