"""Look after endpoints: add, change, rotate the secret, switch off and on, remove, test; and send a delivery again."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.notifications.models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
    WhyDisabled,
)
from seatledger.domain.notifications.webhooks import schedule
from seatledger.domain.notifications.webhooks.addresses import is_public
from seatledger.domain.notifications.webhooks.event_types import NAMES, NAMES_FOR_CUSTOMERS, TEST
from seatledger.domain.notifications.webhooks.happenings import (
    WebhookEndpointAdded,
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRemoved,
    WebhookSecretRotated,
)
from seatledger.domain.notifications.webhooks.payloads import body_of_test
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.sealing import Purpose, seal
from seatledger.shared.text import clean_text

LONGEST_URL = 500
LONGEST_DESCRIPTION = 200
MOST_ENDPOINTS = 20
_SECRET_BYTES = 32


class UnfitUrl(Refused):
    """Nothing can be sent to this address, or nothing may be."""

    code = "unfit_url"


class UnknownEventType(Refused):
    """There is no such type of event for this endpoint."""

    code = "unknown_event_type"


class AddressIsTold(Refused):
    """The account has an endpoint with this address."""

    code = "address_is_told"


class TooManyEndpoints(Refused):
    """The account has as many endpoints as it may."""

    code = "too_many_endpoints"


class EndpointDisabled(Refused):
    """The endpoint is switched off."""

    code = "endpoint_disabled"


class TooManySecrets(Refused):
    """The secret was rotated again and again within a day."""

    code = "too_many_secrets"


@dataclass(frozen=True)
class EndpointDetails:
    """What the endpoint form asks for. No event types means all, those to come too."""

    url: str
    description: str = ""
    event_types: Collection[str] = field(default_factory=tuple)


@transaction.atomic
def add_endpoint(
    *, account: Account | None, details: EndpointDetails, at: datetime, by: Actor
) -> tuple[WebhookEndpoint, str]:
    """Tell this address what happens from now on; returns the endpoint and its secret, which is never shown again.

    Without an account it is the vendor's, and told of all accounts. Raises UnfitUrl, UnfitText, UnknownEventType,
    AddressIsTold and TooManyEndpoints.
    """
    clean = _clean(details, for_vendor=account is None)
    if WebhookEndpoint.objects.filter(account=account, removed_at__isnull=True).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(f"There are {MOST_ENDPOINTS} endpoints already. Remove one first.")
    with refusing(
        "an_address_is_told_once", AddressIsTold("There is an endpoint with this address already.")
    ):
        endpoint = WebhookEndpoint.objects.create(account=account, added_at=at, **vars(clean))
    secret = _give_secret(endpoint, at)
    _tell(endpoint, WebhookEndpointAdded(endpoint.pk), at, by)
    return endpoint, secret


@transaction.atomic
def change_endpoint(*, endpoint: WebhookEndpoint, details: EndpointDetails, at: datetime, by: Actor) -> None:
    """Change where an endpoint is and what it is told. What waits goes to the new address. Raises as adding does."""
    clean = _clean(details, for_vendor=endpoint.account_id is None)
    held = _hold(endpoint)
    changed = tuple(name for name, value in vars(clean).items() if getattr(held, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(held, name, getattr(clean, name))
    with refusing(
        "an_address_is_told_once", AddressIsTold("There is an endpoint with this address already.")
    ):
        held.save(update_fields=changed)
    _tell(held, WebhookEndpointChanged(held.pk, changed), at, by)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, at: datetime, by: Actor) -> str:
    """Give an endpoint a new secret, and return it; the one before signs as well for a day.

    Raises TooManySecrets when this was done again and again.
    """
    held = _hold(endpoint)
    signing = WebhookSecret.objects.filter(endpoint=held).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    if signing.count() >= schedule.MOST_SECRETS:
        raise TooManySecrets("The secret was changed too often today. Try again tomorrow.")
    WebhookSecret.objects.filter(endpoint=held, ends_at__lte=at).delete()
    signing.filter(ends_at__isnull=True).update(ends_at=at + schedule.SECRET_OVERLAP)
    secret = _give_secret(held, at)
    _tell(held, WebhookSecretRotated(held.pk), at, by)
    return secret


@transaction.atomic
def disable_endpoint(*, endpoint: WebhookEndpoint, at: datetime, by: Actor) -> None:
    """Send nothing to an endpoint. What waits for it waits until its three days are over; nothing new is queued."""
    held = _hold(endpoint)
    if held.disabled_at is not None:
        return
    held.disabled_at, held.disabled_because = at, WhyDisabled.BY_HAND
    held.save(update_fields=["disabled_at", "disabled_because"])
    _tell(held, WebhookEndpointDisabled(held.pk, WhyDisabled.BY_HAND.value), at, by)


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint, at: datetime, by: Actor) -> None:
    """Send to an endpoint again, first of all what waits for it."""
    held = _hold(endpoint)
    if held.disabled_at is None:
        return
    held.disabled_at, held.disabled_because = None, ""
    held.failures, held.failing_since, held.probe_at = 0, None, None
    held.save()
    WebhookDelivery.objects.filter(endpoint=held, next_at__gt=at).update(next_at=at)
    _tell(held, WebhookEndpointEnabled(held.pk), at, by)


@transaction.atomic
def remove_endpoint(*, endpoint: WebhookEndpoint, at: datetime, by: Actor) -> None:
    """Forget an endpoint and its secrets. The log of its deliveries is forgotten in its time."""
    held = _hold(endpoint)
    held.removed_at = at
    held.save(update_fields=["removed_at"])
    WebhookSecret.objects.filter(endpoint=held).delete()
    waiting = WebhookDelivery.objects.filter(endpoint=held, next_at__isnull=False)
    waiting.update(next_at=None, claimed_at=None, given_up_at=at)
    _tell(held, WebhookEndpointRemoved(held.pk), at, by)


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, at: datetime, by: Actor) -> WebhookDelivery:
    """Queue a `webhook.test` for an endpoint, and return it. Raises EndpointDisabled."""
    del by  # nothing of the account changes
    held = _hold(endpoint)
    _refuse_disabled(held)
    held.tests_sent += 1
    held.save(update_fields=["tests_sent"])
    return WebhookDelivery.objects.create(
        account_id=held.account_id,
        endpoint=held,
        event_type=TEST,
        body=body_of_test(held, number=held.tests_sent, at=at),
        queued_at=at,
        asked_at=at,
        next_at=at,
    )


@transaction.atomic
def redeliver(*, delivery: WebhookDelivery, at: datetime, by: Actor) -> None:
    """Send a delivery again, at once and with three days of tries: under the same `webhook-id`.

    Raises EndpointDisabled.
    """
    del by  # nothing of the account changes
    _refuse_disabled(_hold(delivery.endpoint))
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        asked_at=at, tries=0, next_at=at, claimed_at=None, delivered_at=None, given_up_at=None
    )


def _clean(details: EndpointDetails, *, for_vendor: bool) -> EndpointDetails:
    known = NAMES if for_vendor else NAMES_FOR_CUSTOMERS
    unknown = [name for name in details.event_types if name not in known]
    if unknown:
        raise UnknownEventType(
            f"There is no event type “{unknown[0]}”. Choose from the list in docs/webhooks.md."
        )
    return EndpointDetails(
        url=_clean_url(details.url),
        description=clean_text(details.description, LONGEST_DESCRIPTION, what="The description"),
        event_types=[name for name in known if name in details.event_types],
    )


def _clean_url(text: str) -> str:
    """Return an address that may be sent to, as far as it can be seen without looking its host up."""
    url = clean_text(text, LONGEST_URL, what="The address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnfitUrl("This is no address. Write one such as https://example.com/webhooks.") from None
    loopback: bool = settings.SEATLEDGER_WEBHOOKS_TO_LOOPBACK
    if parts.scheme not in ({"https", "http"} if loopback else {"https"}):
        raise UnfitUrl("The address must begin with https://.")
    if not parts.hostname or not url.isascii() or any(sign in url for sign in ' \\"<>'):
        raise UnfitUrl("This is no address. Write one such as https://example.com/webhooks.")
    if parts.username is not None or parts.fragment or port == 0:
        raise UnfitUrl(
            "Leave out user names, passwords and what follows a #. The signature proves who sends."
        )
    _refuse_private(parts, loopback=loopback)
    return url


def _refuse_private(parts: SplitResult, *, loopback: bool) -> None:
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        private = not loopback and (host == "localhost" or "." not in host)
    else:
        private = not is_public(address) and not (loopback and address.is_loopback)
    if private:
        raise UnfitUrl("This address is not of the public internet. Nothing is sent there.")


def _give_secret(endpoint: WebhookEndpoint, at: datetime) -> str:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    WebhookSecret.objects.create(
        account_id=endpoint.account_id,
        endpoint=endpoint,
        sealed=seal(secret, purpose=Purpose.WEBHOOKS),
        made_at=at,
    )
    return secret


def _hold(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Return the endpoint as it is now, held until the transaction ends. Raises NotFound when it was removed."""
    try:
        return WebhookEndpoint.objects.select_for_update(no_key=True).get(
            pk=endpoint.pk, removed_at__isnull=True
        )
    except WebhookEndpoint.DoesNotExist:
        raise NotFound("webhook") from None


def _refuse_disabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at is not None:
        raise EndpointDisabled("This endpoint is switched off. Switch it on first.")


def _tell(endpoint: WebhookEndpoint, happening: Happening, at: datetime, by: Actor) -> None:
    """Write what happened to the account's record; the vendor's own endpoints are in none."""
    if endpoint.account is not None:
        record(happening, account=endpoint.account, at=at, by=by)
