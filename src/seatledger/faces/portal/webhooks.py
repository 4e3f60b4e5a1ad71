"""Account > Settings > Webhooks: which programs are told what happens, and how it goes."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.contrib.django import app as jobs

from seatledger.domain.notifications.models import WebhookEndpoint
from seatledger.domain.notifications.webhooks import actions, queries
from seatledger.domain.notifications.webhooks.event_types import NAMES_FOR_CUSTOMERS
from seatledger.domain.notifications.webhooks.spreading import QUEUE
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import Refused

# The field that a refusal is about; any other is about the address.
FIELD_OF = {"unknown_event_type": "event_types", "unfit_text": None, "too_many_endpoints": None}


class EndpointForm(forms.Form):
    """Where events are sent, and which."""

    url = forms.CharField(
        max_length=actions.LONGEST_URL,
        label="Address",
        help_text="Where your program listens, such as https://example.com/webhooks.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        max_length=actions.LONGEST_DESCRIPTION,
        required=False,
        label="Description",
        help_text="For your people.",
    )
    event_types = forms.MultipleChoiceField(
        choices=[(name, name) for name in NAMES_FOR_CUSTOMERS],
        required=False,
        label="Event types",
        help_text="Tick none to be told of all, those to come too.",
        widget=forms.CheckboxSelectMultiple,
    )

    def details(self) -> actions.EndpointDetails:
        """Return what was filled in."""
        return actions.EndpointDetails(**self.cleaned_data)


@private(Permission.WEBHOOKS_MANAGE)
@require_GET
def show_webhooks(request: PortalRequest) -> HttpResponse:
    """List the endpoints of the account."""
    return render(request, "portal/webhooks.html", {"endpoints": queries.list_endpoints(request.account)})


@private(Permission.WEBHOOKS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_webhook(request: PortalRequest) -> HttpResponse:
    """Show the form for an endpoint, and add the one it describes; its secret is shown this once."""
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        try:
            endpoint, secret = actions.add_endpoint(
                account=request.account, details=form.details(), at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code, "url"), str(refusal))
        else:
            return _show_secret(request, endpoint, secret)
    context = {"form": form, "title": "Add an endpoint"}
    return render(request, "portal/webhook_form.html", context, status=422 if form.is_bound else 200)


@private(Permission.WEBHOOKS_MANAGE)
@require_GET
def show_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Show an endpoint: what it is told, how it fares, and its deliveries, the newest first."""
    endpoint = queries.get_endpoint(request.account, endpoint_id)
    after = cast("queries.DeliveryKey | None", decode_key(request.GET.get("after", ""), (_instant, UUID)))
    rows = queries.list_deliveries(request.account, endpoint, after=after, limit=PAGE + 1)
    page = page_of(
        rows, key_of=lambda each: (each.queued_at.isoformat(), each.pk), after=request.GET.get("after", "")
    )
    context = {
        "endpoint": endpoint,
        "page": page,
        "next_url": f"?after={page.next_key}" if page.next_key else "",
        "first_url": "" if page.is_first else "?",
        "waiting": queries.count_waiting(request.account, endpoint),
        "old_secret": queries.find_old_secret(request.account, endpoint, timezone.now()),
    }
    return render(request, "portal/webhook.html", context)


@private(Permission.WEBHOOKS_MANAGE)
@require_http_methods(["GET", "POST"])
def edit_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Show an endpoint as a form, and store what was changed."""
    endpoint = queries.get_endpoint(request.account, endpoint_id)
    kept = {name: getattr(endpoint, name) for name in ("url", "description", "event_types")}
    form = EndpointForm(request.POST or None, initial=kept)
    if form.is_valid():
        try:
            actions.change_endpoint(
                endpoint=endpoint, details=form.details(), at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code, "url"), str(refusal))
        else:
            messages.success(request, "The endpoint is saved.")
            return redirect("portal:webhook", endpoint_id)
    context = {"form": form, "title": "Edit the endpoint", "endpoint": endpoint}
    return render(request, "portal/webhook_form.html", context, status=422 if form.is_bound else 200)


@private(Permission.WEBHOOKS_MANAGE)
@require_POST
def rotate_webhook_secret(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Give an endpoint a new secret, and show it this once."""
    endpoint = queries.get_endpoint(request.account, endpoint_id)
    secret = actions.rotate_secret(endpoint=endpoint, at=timezone.now(), by=request.actor)
    return _show_secret(request, endpoint, secret, rotated=True)


@private(Permission.WEBHOOKS_MANAGE)
@require_POST
def test_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Send an endpoint a `webhook.test`, and show what comes of it."""
    endpoint = queries.get_endpoint(request.account, endpoint_id)
    delivery = actions.send_test(endpoint=endpoint, at=timezone.now(), by=request.actor)
    start_sending(endpoint)
    return redirect("portal:webhook_delivery", delivery.pk)


@private(Permission.WEBHOOKS_MANAGE)
@require_POST
def disable_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Send nothing to an endpoint until it is switched on."""
    return _switch(
        request, endpoint_id, actions.disable_endpoint, "Nothing is sent there until you switch it on."
    )


@private(Permission.WEBHOOKS_MANAGE)
@require_POST
def enable_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Send to an endpoint again, first what waits for it."""
    answer = _switch(
        request, endpoint_id, actions.enable_endpoint, "It is told again, first of all what waits."
    )
    start_sending(queries.get_endpoint(request.account, endpoint_id))
    return answer


@private(Permission.WEBHOOKS_MANAGE)
@require_http_methods(["GET", "POST"])
def remove_webhook(request: PortalRequest, endpoint_id: UUID) -> HttpResponse:
    """Ask whether to remove an endpoint, and remove it."""
    endpoint = queries.get_endpoint(request.account, endpoint_id)
    if request.method == "GET":
        return render(request, "portal/remove_webhook.html", {"endpoint": endpoint})
    actions.remove_endpoint(endpoint=endpoint, at=timezone.now(), by=request.actor)
    messages.success(request, f"{endpoint.url} is not told any more.")
    return redirect("portal:webhooks")


def start_sending(endpoint: WebhookEndpoint) -> None:
    """Queue a job for an endpoint, in the transaction of the request."""
    jobs.configure_task("send_webhooks", queue=QUEUE).defer(endpoint_id=str(endpoint.pk))


def _switch(request: PortalRequest, endpoint_id: UUID, do: Callable[..., None], said: str) -> HttpResponse:
    do(endpoint=queries.get_endpoint(request.account, endpoint_id), at=timezone.now(), by=request.actor)
    messages.success(request, said)
    return redirect("portal:webhook", endpoint_id)


def _show_secret(
    request: PortalRequest, endpoint: WebhookEndpoint, secret: str, *, rotated: bool = False
) -> HttpResponse:
    context = {"endpoint": endpoint, "secret": secret, "rotated": rotated}
    answer = render(request, "portal/webhook_secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant has its zone")
    return found
