"""The door through which gateways tell us things, and the sandbox's own pages."""

import json

import pytest
from django.test import Client, override_settings

from delivery import do_the_jobs, forget_the_jobs
from paying import ASKS, GOOD, given_debtor, intend, open_minor_of
from seatledger.domain.payments.actions.setups import SETUP_ID, SetupWish, begin_setup
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge, SandboxMethod, SandboxSetup
from seatledger.domain.payments.models import GatewayNotice, MethodKind, PaymentMethod, Setup
from support import AT, actor_of, administrator_of, given_account, refreshed

pytestmark = pytest.mark.django_db(transaction=True)
REAL_LOOKING = "4111 1111 1111 1111"


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


@pytest.fixture
def visitor() -> Client:
    return Client()


def given_setup(kind: MethodKind = MethodKind.CARD, **said) -> Setup:
    account = said.pop("account", None) or given_account()
    wish = SetupWish(kind, f"/billing/payment-methods?setup={SETUP_ID}", **said)
    setup = begin_setup(account=account, wish=wish, at=AT, by=actor_of(administrator_of(account)))
    do_the_jobs("payments")
    return refreshed(setup)


# E17
def test_a_card_is_added_on_the_page(visitor):
    setup = given_setup()
    page = visitor.get(setup.url)
    assert (page.status_code, GOOD in page.content.decode()) == (200, True)
    answer = visitor.post(setup.url, {"number": GOOD, "expires": "12/34"})
    assert (answer.status_code, answer["Location"]) == (302, f"/billing/payment-methods?setup={setup.pk}")
    do_the_jobs("payments")
    method = PaymentMethod.objects.get()
    assert (method.masked, method.expires_year, method.is_default) == ("Visa •••• 4242", 2034, True)
    assert (refreshed(setup).state, setup.method) == ("done", method)
    assert visitor.get(setup.url).status_code == 302, "it is entered once"


def test_a_bank_account_is_added_on_the_page(visitor):
    setup = given_setup(MethodKind.DIRECT_DEBIT)
    visitor.post(setup.url, {"number": "de89370400440532013000"})
    do_the_jobs("payments")
    assert PaymentMethod.objects.get().masked == "Direct debit •••• 3000"


def test_another_number_is_refused_unread(visitor):
    setup = given_setup()
    answer = visitor.post(setup.url, {"number": REAL_LOOKING, "expires": "12/34"})
    assert answer.status_code == 422
    assert "no test number" in answer.content.decode()
    assert REAL_LOOKING not in answer.content.decode()
    assert (SandboxMethod.objects.count(), SandboxSetup.objects.get().outcome) == (0, "pending")


@pytest.mark.parametrize("expires", ["", "13/34", "01/20", "x"])
def test_a_card_has_a_date_to_come(visitor, expires):
    answer = visitor.post(given_setup().url, {"number": GOOD, "expires": expires})
    assert (answer.status_code, GOOD.replace(" ", "") in answer.content.decode()) == (422, False)


def test_a_declined_card_is_not_added(visitor):
    setup = given_setup()
    visitor.post(setup.url, {"number": "4000 0000 0000 0002", "expires": "12/34"})
    do_the_jobs("payments")
    assert (refreshed(setup).state, setup.reason, PaymentMethod.objects.count()) == ("failed", "declined", 0)


def test_whoever_goes_back_adds_nothing(visitor):
    setup = given_setup()
    assert visitor.post(setup.url, {"cancel": "yes"}).status_code == 302
    do_the_jobs("payments")
    assert (refreshed(setup).state, setup.reason) == ("failed", "cancelled")


# E17
def test_a_card_takes_the_place_of_another(visitor):
    account, _ = given_debtor()
    old = PaymentMethod.objects.get()
    setup = given_setup(account=account, replaces=old)
    visitor.post(setup.url, {"number": "5555 5555 5555 4444", "expires": "12/34"})
    do_the_jobs("payments")
    new = PaymentMethod.objects.get(removed_at=None)
    assert (new.masked, new.is_default) == ("Mastercard •••• 4444", True)
    assert SandboxMethod.objects.filter(is_forgotten=True).count() == 1


@pytest.mark.parametrize(("answer", "left"), [("confirm", 0), ("decline", 12000)])
def test_the_bank_asks_and_is_answered(visitor, answer, left):
    _, invoice = given_debtor(ASKS)
    payment = intend(invoice, present=True)
    do_the_jobs("payments")
    url = refreshed(payment).next_url
    page = visitor.get(url).content.decode()
    assert "£120.00" in page
    assert invoice.issue.reference in page
    assert visitor.post(url, {"answer": answer})["Location"] == "/billing/"
    do_the_jobs("payments")
    assert open_minor_of(invoice) == left


def test_pages_of_nothing_and_without_a_sandbox_are_not_found(visitor):
    for address in ("/gateways/sandbox/setups/x", "/gateways/sandbox/charges/x"):
        assert visitor.get(address).status_code == 404
    setup = given_setup()
    with override_settings(SEATLEDGER_GATEWAY="none"):
        assert visitor.get(setup.url).status_code == 404


# Notices


def post_notice(visitor, body, headers, gateway="sandbox"):
    return visitor.post(
        f"/gateways/{gateway}/notices", body, content_type="application/json", headers=headers
    ).status_code


def given_notice():
    _, invoice = given_debtor(ASKS)
    intend(invoice)
    do_the_jobs("payments")
    world.answer_bank(SandboxCharge.objects.get(), confirms=True)
    forget_the_jobs()
    return invoice, world.sign_notice(world.list_notices_to_send()[0])


def test_a_notice_comes_by_the_network_once(visitor):
    invoice, (body, headers) = given_notice()
    assert [post_notice(visitor, body, headers) for _ in range(3)] == [204, 204, 204]
    assert GatewayNotice.objects.count() == 1
    assert open_minor_of(invoice) == 12000, "it is answered before anything is done about it"
    do_the_jobs("payments")
    assert open_minor_of(invoice) == 0
    assert GatewayNotice.objects.get().applied_at is not None


def test_what_is_not_signed_is_refused(visitor):
    _, (body, headers) = given_notice()
    other = json.dumps(json.loads(body) | {"id": "notice_99"}).encode()
    assert post_notice(visitor, other, headers) == 400
    assert post_notice(visitor, body, {}) == 400
    assert post_notice(visitor, b"\xff\x00", headers) == 400
    assert post_notice(visitor, body, headers, "unheard-of") == 404
    assert post_notice(visitor, b" " * 70_000, headers) == 413
    assert visitor.get("/gateways/sandbox/notices").status_code == 405
    assert GatewayNotice.objects.count() == 0


def test_what_is_told_of_strangers_is_nobodys_business(visitor):
    _, (body, headers) = given_notice()
    SandboxCharge.objects.update(reference="charge_of_another")
    assert post_notice(visitor, body, headers) == 204
    do_the_jobs("payments")
