"""Work off what waits for an endpoint: take a delivery in hand, note what came of it, decide when the next is due.

The endpoint's row is held while a delivery is taken, so that no more than a few are under way at once however many jobs
ask. Nothing is held while the receiver is waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from seatledger.domain.accounts.at_work import of_accounts_at_work
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.notifications.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
    WhyDisabled,
)
from seatledger.domain.notifications.webhooks import schedule
from seatledger.domain.notifications.webhooks.happenings import WebhookEndpointDisabled
from seatledger.domain.notifications.webhooks.sending import Answer
from seatledger.shared.sealing import Purpose, unseal

GONE = 410

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class InHand:
    """A delivery that one job has taken, since when, where it goes and what signs it."""

    delivery: WebhookDelivery
    since: datetime
    url: str
    secrets: Sequence[str]


@transaction.atomic
def take_delivery(*, endpoint_id: UUID, at: datetime) -> InHand | None:
    """Take in hand what is due next at an endpoint; None when nothing is, or enough is under way."""
    endpoint = _hold(endpoint_id)
    if endpoint is None or endpoint.disabled_at is not None:
        return None
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, next_at__isnull=False)
    free = waiting.filter(Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - schedule.CLAIM_LASTS))
    under_way = WebhookDelivery.objects.filter(
        endpoint=endpoint, claimed_at__gt=at - schedule.CLAIM_LASTS
    ).count()
    if under_way >= (1 if endpoint.failures else schedule.AT_ONCE):
        return None
    delivery = _choose(endpoint, free, at)
    if delivery is None:
        return None
    delivery.claimed_at = at
    delivery.save(update_fields=["claimed_at"])
    return InHand(delivery, at, endpoint.url, _secrets_of(endpoint, at))


@transaction.atomic
def note_answer(*, taken: InHand, answer: Answer, at: datetime) -> datetime | None:
    """Log an attempt and settle what follows from it; returns when the endpoint has to be looked at again.

    None means at once if anything is due: what was asked is answered. An attempt whose delivery was taken over
    meanwhile, or settled, or removed with its endpoint, changes nothing but the log.
    """
    endpoint = _hold(taken.delivery.endpoint_id)
    delivery = WebhookDelivery.objects.select_for_update().filter(pk=taken.delivery.pk).first()
    if delivery is None:
        return None
    _log_attempt(taken, answer)
    if endpoint is None or delivery.claimed_at != taken.since:
        return None
    delivery.claimed_at = None
    if answer.succeeded:
        delivery.next_at, delivery.delivered_at = None, at
        delivery.save(update_fields=["claimed_at", "next_at", "delivered_at"])
        _note_success(endpoint, at)
        return None
    delivery.tries += 1
    pause = max(
        schedule.pause_after(delivery.tries, of=str(delivery.pk)),
        min(timedelta(seconds=answer.retry_after_s), schedule.MOST_PATIENCE),
    )
    delivery.next_at = at + pause
    delivery.save(update_fields=["claimed_at", "next_at", "tries"])
    return _note_failure(endpoint, answer, at) or delivery.next_at


def give_up_old_deliveries(*, at: datetime) -> int:
    """Give up what has been tried, or has waited, for three days; returns how many."""
    old = WebhookDelivery.objects.filter(
        next_at__isnull=False, asked_at__lte=at - schedule.TRIED_FOR, claimed_at__isnull=True
    )
    return old.update(next_at=None, given_up_at=at)


def find_endpoints_with_due_deliveries_for_operator(at: datetime) -> list[UUID]:
    """Return the endpoints that have something to send now."""
    due = WebhookDelivery.objects.filter(
        of_accounts_at_work(),
        next_at__lte=at,
        endpoint__disabled_at__isnull=True,
        endpoint__removed_at__isnull=True,
    )
    ready = due.filter(Q(endpoint__probe_at__isnull=True) | Q(endpoint__probe_at__lte=at))
    return list(ready.order_by().values_list("endpoint_id", flat=True).distinct())


def has_more(*, endpoint_id: UUID, at: datetime) -> bool:
    """Say whether another job would find something to take."""
    waiting = WebhookDelivery.objects.filter(
        endpoint_id=endpoint_id, next_at__lte=at, claimed_at__isnull=True, endpoint__failures=0
    )
    return waiting.exists()


def _hold(endpoint_id: UUID) -> WebhookEndpoint | None:
    return (
        WebhookEndpoint.objects.select_for_update(no_key=True)
        .filter(of_accounts_at_work(), pk=endpoint_id, removed_at__isnull=True)
        .first()
    )


def _choose(
    endpoint: WebhookEndpoint, free: QuerySet[WebhookDelivery], at: datetime
) -> WebhookDelivery | None:
    """Return the oldest delivery that is due. Of an endpoint that seems dead, the one to try it with, if it is time."""
    in_order = F("event_id").asc(nulls_first=True)
    if endpoint.probe_at is None:
        return free.filter(next_at__lte=at).order_by(in_order).first()
    if endpoint.probe_at > at:
        return None
    turns = F("tries") / schedule.TRIES_BEFORE_THE_NEXT  # whole numbers: the database drops the rest
    return free.order_by(turns, in_order).first()


def _secrets_of(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    signing = WebhookSecret.objects.filter(endpoint=endpoint).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    )
    return [
        unseal(secret.sealed, purpose=Purpose.WEBHOOKS)
        for secret in signing.order_by(F("ends_at").desc(nulls_first=True))
    ]


def _log_attempt(taken: InHand, answer: Answer) -> None:
    WebhookAttempt.objects.create(
        account_id=taken.delivery.account_id,
        delivery_id=taken.delivery.pk,
        at=taken.since,
        took_ms=answer.took_ms,
        status=answer.status,
        answer=answer.body,
        problem=answer.problem,
    )


def _note_success(endpoint: WebhookEndpoint, at: datetime) -> None:
    """The receiver is there: what was held back while it was not is due at once."""
    if not endpoint.failures:
        return
    if endpoint.probe_at is not None:
        held = WebhookDelivery.objects.filter(endpoint=endpoint, next_at__gt=at)
        held.update(next_at=at)
    endpoint.failures, endpoint.failing_since, endpoint.probe_at = 0, None, None
    endpoint.save(update_fields=["failures", "failing_since", "probe_at"])


def _note_failure(endpoint: WebhookEndpoint, answer: Answer, at: datetime) -> datetime | None:
    """Count a failure; returns when the endpoint is tried again, if it is held back."""
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    if endpoint.failures >= schedule.HOLDS_BACK_AFTER:
        endpoint.probe_at = at + schedule.pause_between_probes(endpoint.failures, of=str(endpoint.pk))
    endpoint.save(update_fields=["failures", "failing_since", "probe_at"])
    if answer.status == GONE:
        _disable(endpoint, WhyDisabled.GONE, at)
    elif at - endpoint.failing_since >= schedule.DISABLED_AFTER:
        _disable(endpoint, WhyDisabled.FAILING, at)
    return endpoint.probe_at


def _disable(endpoint: WebhookEndpoint, because: WhyDisabled, at: datetime) -> None:
    """Switch an endpoint off because of its receiver, and tell."""
    endpoint.disabled_at, endpoint.disabled_because = at, because
    endpoint.save(update_fields=["disabled_at", "disabled_because"])
    log.warning("webhook_endpoint_disabled", endpoint=str(endpoint.pk), because=because.value)
    if endpoint.account is not None:
        happening = WebhookEndpointDisabled(endpoint.pk, because.value)
        record(happening, account=endpoint.account, at=at, by=Actor.system())
