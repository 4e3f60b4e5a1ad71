"""Questions about the end of accounts."""

from datetime import datetime

from django.db.models import Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.course import next_is_due
from seatledger.domain.closures.models import Certificate, Closure, ClosureState, ClosureStep, SigningKey
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
    return [
        closure
        for closure in going_on.select_related("account").order_by("takes_effect_at", "id")
        if next_is_due(
            closure.state,
            requested_at=closure.requested_at,
            takes_effect_at=closure.takes_effect_at,
            erase_at=closure.erase_at,
            at=at,
        )
    ]


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
