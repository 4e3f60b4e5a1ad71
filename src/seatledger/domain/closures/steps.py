"""Write down a step of a closure, and hold the closure while it is taken."""

from datetime import datetime

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import count_customers
from seatledger.domain.closures.models import Closure, ClosureStep, StepKind
from seatledger.domain.closures.refusals import HasCustomers
from seatledger.domain.events.actions import Actor


def hold_closure(closure: Closure) -> tuple[Account, Closure]:
    """Hold the account until the transaction ends, and return it and the closure as they are now."""
    account = lock_account(closure.account)
    return account, Closure.objects.get(pk=closure.pk)


def check_customers(account: Account) -> None:
    """Raise HasCustomers while a provider looks after any: they would lose who does."""
    if number := count_customers(account):
        raise HasCustomers(
            f"This provider still looks after {number} customer{'s' if number > 1 else ''}."
            " Have each of them moved to another provider or closed first."
        )


def is_taken(closure: Closure, kind: StepKind) -> bool:
    return ClosureStep.objects.filter(closure=closure, kind=kind).exists()


def take_step(
    closure: Closure, kind: StepKind, *, reason: str = "", reference: str = "", at: datetime, by: Actor
) -> ClosureStep:
    """Write down that a step was taken. Whoever calls holds the account."""
    return ClosureStep.objects.create(
        account_id=closure.account_id,
        closure=closure,
        number=ClosureStep.objects.filter(closure=closure).count() + 1,
        kind=kind,
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        reason=reason,
        reference=reference,
    )
