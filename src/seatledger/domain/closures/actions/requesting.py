"""Ask for the end of an account. Nothing is deleted by that; it only stops renewing."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions.deciding import acknowledge
from seatledger.domain.closures.happenings import ClosureRequested
from seatledger.domain.closures.models import Closure, StepKind
from seatledger.domain.closures.planning import find_end_of_period
from seatledger.domain.closures.queries import find_closure
from seatledger.domain.closures.refusals import ClosureIsPending, NameNotTyped, PasswordWrong
from seatledger.domain.closures.renewals import stop_renewal
from seatledger.domain.closures.steps import check_customers, take_step
from seatledger.domain.closures.telling import tell_of_request
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.events.models import ActorKind
from seatledger.domain.people.models import User


def check_confirmation(*, user: User, typed_name: str, password: str) -> None:
    """Raise NameNotTyped or PasswordWrong unless the requester typed the account's name and his own password."""
    if " ".join(typed_name.split()) != " ".join(user.account.name.split()):
        raise NameNotTyped(f"Type the account's name as it is written here: {user.account.name}")
    if not user.check_password(password):
        raise PasswordWrong("This is not your password. Type the one with which you sign in.")


@transaction.atomic
def request_closure(*, account: Account, at: datetime, by: Actor) -> Closure:
    """Ask for the account's end: agreement, users and data. The vendor is told; everything works until the date.

    What was agreed does not renew any more. Raises ClosureIsPending and HasCustomers.
    """
    account = lock_account(account)
    if find_closure(account) is not None:
        raise ClosureIsPending("Deletion of this account was requested already. Nothing more is needed.")
    check_customers(account)
    takes_effect_at = find_end_of_period(account, at=at)
    closure = Closure.objects.create(
        account=account,
        requested_at=at,
        requested_by_id=by.id if by.kind == ActorKind.USER else None,
        takes_effect_at=takes_effect_at,
        end_change_id=stop_renewal(account, takes_effect_at, at=at, by=by),
    )
    take_step(closure, StepKind.REQUESTED, at=at, by=by)
    tell_of_request(closure, account, at=at)
    record(ClosureRequested(closure.pk, takes_effect_at), account=account, at=at, by=by)
    return closure


@transaction.atomic
def request_for_customer(
    *, account: Account, reason: str = "", reference: str = "", at: datetime, by: Actor
) -> Closure:
    """Ask for the account's end as the vendor, for a customer who asked otherwise; it is scheduled with that.

    Raises ClosureIsPending, HasCustomers and UnfitText.
    """
    closure = request_closure(account=account, at=at, by=by)
    acknowledge(closure=closure, reason=reason, reference=reference, at=at, by=by)
    return closure
