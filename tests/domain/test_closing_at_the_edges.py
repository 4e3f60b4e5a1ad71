"""Where an account's end touches others: a provider's customers, and the payment gateways."""

import pytest

from delivery import jobs_named
from leaving import close
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import claim, request_closure
from seatledger.domain.closures.erasure import erase
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure, ClosureState, ErasedTable
from seatledger.domain.closures.refusals import HasCustomers
from seatledger.domain.payments.gateways.interface import NewCustomer
from seatledger.domain.payments.gateways.sandbox.gateway import SandboxGateway
from seatledger.domain.payments.gateways.sandbox.models import SandboxCustomer
from seatledger.domain.payments.models import GatewayCustomer
from seatledger.faces.jobs.gateways import forget_customer
from support import (
    AT,
    LATER,
    SYSTEM,
    actor_of,
    administrator_of,
    given_account,
    given_provider,
)


def ask(account: Account) -> Closure:
    return request_closure(account=account, at=LATER, by=actor_of(administrator_of(account)))


@pytest.mark.django_db
def test_a_provider_with_customers_is_told_to_move_or_close_them_first():
    harbour = given_provider()
    tailwind = given_account("Tailwind", provider=harbour)
    given_account("Updraught", provider=harbour)
    with pytest.raises(HasCustomers, match=r"still looks after 2 customers\. Have each of them moved"):
        ask(harbour)
    close(tailwind)
    Account.objects.filter(name="Updraught").update(provider=given_provider("Other Quay"))
    assert ask(harbour).state == ClosureState.REQUESTED


@pytest.mark.django_db
def test_a_provider_that_got_a_customer_since_is_not_closed_and_staff_read_why():
    harbour = given_provider()
    closure = ask(harbour)
    late = given_account("Tailwind", provider=harbour)
    due = closure.takes_effect_at
    waits = go_on(closure, at=due, by=SYSTEM)
    assert waits.state == ClosureState.NOTIFIED
    assert "still looks after 1 customer. Have each of them moved" in waits.held_up_by
    with pytest.raises(HasCustomers):
        claim(closure=closure, at=due, by=SYSTEM)
    Account.objects.filter(pk=late.pk).update(provider=None)
    closed = go_on(closure, at=due, by=SYSTEM)
    assert (closed.state, closed.held_up_by) == (ClosureState.CLOSED, "")


@pytest.mark.django_db(transaction=True)
def test_erasure_asks_the_gateways_to_forget_the_account_until_they_answered():
    account, sandbox = given_account(), SandboxGateway()
    told = NewCustomer(account.pk, account.name, account.serial_number, "ann.lee@northwind.example")
    reference = sandbox.open_customer(told)
    GatewayCustomer.objects.create(account=account, gateway="sandbox", reference=reference, made_at=AT)
    closure = close(account)
    assert closure.erase_by is not None
    erase(closure, at=closure.erase_by, by=SYSTEM)
    assert not GatewayCustomer.objects.filter(account=account).exists()
    assert ErasedTable.objects.get(table="payments_gatewaycustomer").rows == 1
    [job] = jobs_named("forget_customer")
    assert job.args == {"gateway": "sandbox", "reference": reference}
    assert SandboxCustomer.objects.filter(reference=reference).exists(), "nothing is asked within the erasure"
    for _ in range(2):
        forget_customer(**job.args)
        assert not SandboxCustomer.objects.filter(reference=reference).exists()
