"""Questions about the end of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, TextChoices

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.course import next_is_due
from seatledger.domain.closures.models import Certificate, Closure, ClosureState, ClosureStep, SigningKey
from seatledger.domain.people.queries import names_of_users
from seatledger.shared.errors import NotFound


def find_closure(account: Account) -> Closure | None:
    """Return the account's closure that was not withdrawn, or None."""
    return Closure.objects.filter(~Q(state=ClosureState.WITHDRAWN), account=account).first()


def get_closure(account: Account) -> Closure:
    """Return the account's closure that was not withdrawn. Raises NotFound."""
    closure = find_closure(account)
    if closure is None:
        raise NotFound("request for deletion")
    return closure


def list_steps(account: Account, closure: Closure) -> list[ClosureStep]:
    """Return who took which step and when, the first one first."""
    return list(ClosureStep.objects.filter(account=account, closure=closure).order_by("number"))


def list_due_for_operator(at: datetime) -> list[Closure]:
    """Return the closures of every account with which the system has something to do at `at`, the earliest first."""
    going_on = Closure.objects.exclude(state__in=[ClosureState.ERASED, ClosureState.WITHDRAWN])
    every = going_on.select_related("account").order_by("takes_effect_at", "id")
    return [closure for closure in every if is_due(closure, at)]


def is_due(closure: Closure, at: datetime) -> bool:
    """Say whether the system has something to do with a closure at `at`."""
    return next_is_due(
        closure.state,
        requested_at=closure.requested_at,
        takes_effect_at=closure.takes_effect_at,
        erase_at=closure.erase_at,
        at=at,
    )


def find_newest_closure(account: Account) -> Closure | None:
    """Return the account's newest closure, a withdrawn one too, or None."""
    return Closure.objects.filter(account=account).order_by("-requested_at", "-pk").first()


@dataclass(frozen=True)
class NamedStep:
    """A step, and who took it as the account's people read it."""

    step: ClosureStep
    who: str


def name_steps(account: Account, steps: Sequence[ClosureStep]) -> list[NamedStep]:
    """Return the steps with who took each: a user by name while there are any, else what the record says."""
    people = names_of_users(account, [step.actor_id for step in steps if step.actor_id])
    return [
        NamedStep(step, people.get(step.actor_id or account.pk, step.actor_label or "A user"))
        for step in steps
    ]


def list_all_steps(account: Account) -> list[NamedStep]:
    """Return every step of every request of the account, withdrawn ones too, the newest first."""
    rows = ClosureStep.objects.filter(account=account).order_by("-closure__requested_at", "-number")
    return name_steps(account, list(rows))


class ClosureList(TextChoices):
    """What the list of closures can be narrowed to."""

    GOING_ON = "going_on", "Going on"
    TO_ACKNOWLEDGE = "to_acknowledge", "To be acknowledged"
    HELD_UP = "held_up", "Held up"
    TO_ERASE = "to_erase", "Closed, to be erased"
    ERASED = "erased", "Erased"
    WITHDRAWN = "withdrawn", "Withdrawn"


_OVER = Q(state__in=[ClosureState.ERASED, ClosureState.WITHDRAWN])
_NARROWED = {
    ClosureList.GOING_ON: ~_OVER,
    ClosureList.TO_ACKNOWLEDGE: Q(state=ClosureState.REQUESTED),
    ClosureList.HELD_UP: ~_OVER & ~Q(held_up_by=""),
    ClosureList.TO_ERASE: Q(state=ClosureState.CLOSED),
    ClosureList.ERASED: Q(state=ClosureState.ERASED),
    ClosureList.WITHDRAWN: Q(state=ClosureState.WITHDRAWN),
}
ClosureKey = tuple[datetime, UUID]


def find_closures_for_operator(
    wanted: ClosureList, *, after: ClosureKey | None = None, limit: int = 50
) -> list[Closure]:
    """Return closures by the instant at which they take effect: what goes on the next first, what is over the latest."""
    rows = Closure.objects.filter(_NARROWED[wanted]).select_related("account")
    forward = wanted not in {ClosureList.ERASED, ClosureList.WITHDRAWN}
    if after:
        at, pk = after
        beyond = Q(takes_effect_at__gt=at) if forward else Q(takes_effect_at__lt=at)
        rows = rows.filter(beyond | Q(takes_effect_at=at, pk__gt=pk))
    return list(rows.order_by("takes_effect_at" if forward else "-takes_effect_at", "pk")[:limit])


def list_closures_for_operator() -> list[Closure]:
    """Return every closure that is not erased or withdrawn, by the instant at which it takes effect."""
    going_on = Closure.objects.exclude(state__in=[ClosureState.ERASED, ClosureState.WITHDRAWN])
    return list(going_on.select_related("account").order_by("takes_effect_at", "id"))


def list_keys_for_operator() -> list[tuple[SigningKey, int]]:
    """Return the keys of certificates with how many each has signed, the one in use first."""
    return [
        (key, Certificate.objects.filter(content__contains=f'"{key.public_key}"').count())
        for key in SigningKey.objects.order_by("-made_at")
    ]


def get_certificate(account: Account) -> Certificate:
    """Return the certificate of the account's erasure. Raises NotFound before there is one."""
    try:
        return Certificate.objects.get(account=account)
    except Certificate.DoesNotExist:
        raise NotFound("certificate") from None
