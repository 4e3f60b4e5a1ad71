"""Adding a card or a bank account on a page of the gateway: begun, sent to the page, finished when the gateway says so."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, queue_job
from seatledger.domain.events.models import ActorKind
from seatledger.domain.payments.actions.methods import (
    MethodInUse,
    NewMethod,
    UnfitCard,
    add_method,
    choose_default,
    remove_method,
)
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import EnteredMethod, StartedSetup
from seatledger.domain.payments.gateways.registry import gateway_for_new_methods
from seatledger.domain.payments.models import MethodKind, PaymentMethod, Setup, SetupState
from seatledger.shared.errors import Refused

# Stands in a return address for the setup's id, which is not known before it is begun.
SETUP_ID = "SETUP_ID"


class KindNotOffered(Refused):
    """Methods of this kind cannot be added here."""

    code = "kind_not_offered"


@dataclass(frozen=True)
class SetupWish:
    """What a customer wants to add, the method it takes the place of, and the whole address he comes back to.

    `SETUP_ID` in the address stands for the setup's id.
    """

    kind: MethodKind
    return_url: str
    replaces: PaymentMethod | None = None


@transaction.atomic
def begin_setup(*, account: Account, wish: SetupWish, at: datetime, by: Actor) -> Setup:
    """Write down that a customer wants to add a method, and queue the asking for the gateway's page.

    Its address is the setup's `url` once the job has been there, within a second usually. Raises NoGateway and
    KindNotOffered.
    """
    gateway = gateway_for_new_methods()
    if wish.kind not in gateway.kinds:
        raise KindNotOffered(f"{MethodKind(wish.kind).label} is not offered here. Choose another way to pay.")
    account = lock_account(account)
    setup = Setup(
        account=account,
        gateway=gateway.name,
        kind=wish.kind,
        replaces=wish.replaces,
        begun_by_id=by.id if by.kind == ActorKind.USER else None,
        begun_at=at,
    )
    setup.return_url = wish.return_url.replace(SETUP_ID, str(setup.pk))
    setup.save(force_insert=True)
    queue_job("open_setup", queue="payments", setup_id=str(setup.pk))
    return setup


@transaction.atomic
def store_setup_page(*, setup: Setup, started: StartedSetup, at: datetime, by: Actor) -> None:
    """Keep what the gateway calls a setup, and where its page is."""
    del at, by  # nobody has entered anything yet
    opened = Setup.objects.filter(pk=setup.pk, reference="")
    opened.update(reference=started.reference, url=started.url)


@transaction.atomic
def finish_setup(*, setup: Setup, entered: EnteredMethod, at: datetime, by: Actor) -> PaymentMethod | None:
    """Add the method that was entered; None when that was done before.

    One that replaces another becomes the default, and the other one is removed unless a payment by it is under way.
    """
    account = lock_account(setup.account)
    setup = Setup.objects.select_for_update(no_key=True).get(pk=setup.pk)
    if setup.state != SetupState.OPEN:
        return None
    who = Actor.user(setup.begun_by_id) if setup.begun_by_id else by
    new = NewMethod(
        MethodKind(entered.kind),
        setup.gateway,
        entered.token,
        entered.brand,
        entered.last_four,
        entered.expires,
    )
    try:
        method = add_method(account=account, new=new, at=at, by=who)
    except UnfitCard:
        fail_setup(setup=setup, reason=reasons.REFUSED, at=at, by=by)
        return None
    if setup.replaces_id:
        choose_default(account=account, method_id=method.pk, at=at, by=who)
        _remove_replaced(account, setup, at, who)
    setup.state, setup.method, setup.ended_at = SetupState.DONE, method, at
    setup.save(update_fields=["state", "method", "ended_at"])
    return method


@transaction.atomic
def fail_setup(*, setup: Setup, reason: str, at: datetime, by: Actor) -> None:
    """Note that nothing was added, and why, as a code."""
    del by
    still_open = Setup.objects.filter(pk=setup.pk, state=SetupState.OPEN)
    still_open.update(state=SetupState.FAILED, reason=reason, ended_at=at)


def _remove_replaced(account: Account, setup: Setup, at: datetime, who: Actor) -> None:
    old = setup.replaces
    if old is None or old.removed_at:
        return
    try:
        remove_method(account=account, method_id=old.pk, at=at, by=who)
    except MethodInUse:
        return  # it can be removed by hand once its payment is through
