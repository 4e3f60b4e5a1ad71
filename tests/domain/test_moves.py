"""What a move takes along, what it refuses, and what nobody can do while it is under way."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import AutoField, Model
from django.test import override_settings

from charging import bill, given_vendor
from delivery import forget_the_jobs
from hooks import given_endpoint
from invoicing import given_invoice
from paying import given_card, intend, pay
from seatledger.domain.accounts.actions import AccountIsMoving, change_account_settings
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import request_closure
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.due import count_due
from seatledger.domain.moves.actions import (
    begin_move,
    erase_here,
    forget_old_forwarding,
    give_up,
    note_receipt,
    receive,
    switch,
)
from seatledger.domain.moves.actions.arriving import open_arrival
from seatledger.domain.moves.actions.leaving import receipt_of
from seatledger.domain.moves.forwarding import find_forwarding
from seatledger.domain.moves.inventory import LEFT_BEHIND, MOVED, SEALED
from seatledger.domain.moves.models import Forwarding, Move, MoveState
from seatledger.domain.moves.offers import check_offer, make_offer
from seatledger.domain.moves.package import Manifest, opened, write_package
from seatledger.domain.moves.refusals import (
    CameOutDifferent,
    CannotMove,
    DoesNotFit,
    NoSuchRegion,
    NotAMove,
    NothingMoves,
)
from seatledger.domain.moves.seals import envelope_for, envelope_from, own_public_key
from seatledger.domain.notifications.actions import claim_message
from seatledger.domain.notifications.models import Message, MessageKind, WebhookEndpoint
from seatledger.domain.notifications.queries import list_to_send_for_operator
from seatledger.domain.notifications.webhooks.actions import send_test
from seatledger.domain.notifications.webhooks.working_off import take_delivery
from seatledger.domain.payments.models import Dispute, MethodKind, Order, Refund, Setup
from seatledger.domain.people.actions import invite_user
from seatledger.domain.people.models import User
from seatledger.shared.boundary import bind_staff, unbind
from seatledger.shared.quiet import become_quiet
from selling import given_subscription
from support import (
    AT,
    LATER,
    STAFF,
    actor_of,
    administrator_of,
    bound_to,
    given_account,
    given_provider,
)

pytestmark = pytest.mark.django_db


def tables_of_accounts() -> set[str]:
    """Return the tables whose rows belong to an account or to one of its users."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.column == "account_id" or field.related_model in {Account, User}:
                found.add(model._meta.db_table)
    return found


def test_every_table_of_accounts_moves_or_is_left_for_a_reason():
    moved = {table.table for table in (*MOVED, *SEALED)}
    left = {table.table for table in LEFT_BEHIND}
    assert len(moved) == len(MOVED) + len(SEALED)
    assert tables_of_accounts() - moved - left == set()
    assert all(table.why for table in LEFT_BEHIND)


MODELS: dict[str, type[Model]] = {
    model._meta.db_table: model for model in apps.get_models(include_auto_created=True)
}


@pytest.mark.parametrize("table", [*MOVED, *SEALED], ids=lambda table: table.table)
def test_no_id_travels_that_another_cell_gives_otherwise(table):
    """Ids of rows that stay, and numbers that each cell counts by itself, mean something else elsewhere."""
    moved = {each.table for each in (*MOVED, *SEALED)}
    translated = set(getattr(table, "translated", {})) | set(table.given_anew)
    for field in MODELS[table.table]._meta.concrete_fields:
        if isinstance(field, AutoField):
            assert field.column in translated
        target = field.related_model._meta if field.related_model else None
        if target and (target.db_table not in moved or isinstance(target.pk, AutoField)):
            assert field.column in translated, field.column


def begin(account: Account, to: str = "uk") -> Move:
    return begin_move(account=account, to=to, at=LATER, by=STAFF)


def test_a_region_that_is_not_there_or_this_one_is_refused():
    account = given_account()
    for to in ("mars", "eu"):
        with pytest.raises(NoSuchRegion, match="Choose one of: uk, us"):
            begin(account, to)


def with_a_closure(account: Account) -> None:
    request_closure(account=account, at=AT, by=actor_of(administrator_of(account)))


def with_a_payment(account: Account) -> None:
    given_card(account)
    intend(given_invoice(account, [10000]))


def with_a_setup(account: Account) -> None:
    Setup.objects.create(account=account, gateway="sandbox", kind=MethodKind.CARD, begun_at=AT)


def with_an_order(account: Account) -> None:
    Order.objects.create(account=account, what={}, currency="GBP", total_minor=1, confirmed_at=AT)


def with_a_dispute(account: Account) -> None:
    given_card(account)
    payment = pay(given_invoice(account, [10000]))
    Dispute.objects.create(account=account, payment=payment, reference="d", amount_minor=1, opened_at=AT)


def with_a_refund(account: Account) -> None:
    given_card(account)
    payment = pay(given_invoice(account, [10000]))
    Refund.objects.create(account=account, payment=payment, currency="GBP", amount_minor=1, intended_at=AT)


def with_something_to_send(account: Account) -> None:
    given_endpoint(None, "http://127.0.0.1:9/vendor")
    Message.objects.create(
        account=account,
        kind=MessageKind.WELCOME,
        cause="x",
        recipient="a@b.example",
        queued_at=AT,
        claimed_at=AT,
    )


def of_a_quiet_copy(account: Account) -> None:
    del account
    become_quiet(at=AT, why="a drill")


HINDRANCES = {
    "Its deletion was requested": with_a_closure,
    "A payment's outcome is not known": with_a_payment,
    "A payment method is being added": with_a_setup,
    "An order waits for its payment": with_an_order,
    "A payment is disputed": with_a_dispute,
    "A refund is on its way": with_a_refund,
    "Something about it is being sent": with_something_to_send,
    "This installation is quiet": of_a_quiet_copy,
}


@pytest.mark.parametrize("sentence", HINDRANCES)
def test_what_would_be_cut_in_two_does_not_move(sentence):
    account = given_account()
    given_subscription(account)
    HINDRANCES[sentence](account)
    forget_the_jobs()
    with pytest.raises(CannotMove, match=sentence):
        begin(account)
    account.refresh_from_db()
    assert account.moving_to == ""


def test_a_job_that_waits_is_waited_for():
    account = given_account()
    invite_user(user=administrator_of(account), at=AT, by=STAFF)
    with pytest.raises(CannotMove, match="try again in a minute"):
        begin(account)


def test_a_provider_and_its_customers_stay():
    provider = given_provider()
    customer = given_account("Quayside", provider=provider)
    forget_the_jobs()
    with pytest.raises(CannotMove, match="A provider looks after it"):
        begin(customer)
    with pytest.raises(CannotMove, match="It has customers"):
        begin(provider)


@pytest.fixture
def moving() -> Move:
    """An account with a message and a webhook that wait, held for its move."""
    account = given_account()
    given_vendor()
    given_subscription(account)
    endpoint, _ = given_endpoint(account, "http://127.0.0.1:9/hooks")
    send_test(endpoint=endpoint, at=AT, by=STAFF)
    Message.objects.create(
        account=account, kind=MessageKind.WELCOME, cause="x", recipient="a@b.example", queued_at=AT
    )
    forget_the_jobs()
    return begin(account)


def account_of(move: Move) -> Account:
    return Account.objects.get(pk=move.about_id)


def test_nobody_works_on_an_account_on_its_way(moving):
    account = account_of(moving)
    message = Message.objects.get(account=account, cause="x")
    endpoint = WebhookEndpoint.objects.get(account=account).pk
    with pytest.raises(AccountIsMoving):
        change_account_settings(
            account=account, name="Other", time_zone="Europe/London", locale="en-GB", at=LATER, by=STAFF
        )
    assert claim_message(message_id=message.pk, at=LATER) is None
    assert message.pk not in list_to_send_for_operator(at=LATER, limit=10)
    assert take_delivery(endpoint_id=endpoint, at=LATER + timedelta(days=1)) is None
    assert count_due(through=None, at=LATER + timedelta(days=40)) == 0
    give_up(move=moving, at=LATER, by=STAFF)
    assert claim_message(message_id=message.pk, at=LATER) == message
    assert take_delivery(endpoint_id=endpoint, at=LATER + timedelta(days=1)) is not None
    Move.objects.filter(pk=moving.pk).update(state=MoveState.SWITCHED)
    with pytest.raises(NothingMoves, match="goes on in uk already"):
        give_up(move=moving, at=LATER, by=STAFF)


def test_pages_jobs_and_staff_do_not_see_it_and_its_chains_take_nothing(moving):
    account = account_of(moving)
    with bound_to(account):
        assert list(Account.objects.all()) == []
    with transaction.atomic():
        bind_staff()
        assert not Account.objects.filter(pk=account.pk).exists()
        unbind()
    with pytest.raises(IntegrityError, match="moves to another region"), transaction.atomic():
        Event.objects.create(account=account, kind="x", at=AT, actor_kind="system")


def package_of(move: Move, folder: Path, receiver: str | None = None) -> tuple[Path, Manifest]:
    account = account_of(move)
    file = folder / "x.move"
    offer = make_offer(account)
    return file, write_package(file, account=account, offer=offer, receiver=receiver or own_public_key())


def test_what_arrived_differently_is_not_switched_to(moving, tmp_path):
    _, manifest = package_of(moving, tmp_path)
    wrong = json.loads(json.dumps(receipt_of(manifest)))
    wrong["tables"]["people_user"]["rows"] += 1
    with pytest.raises(CameOutDifferent, match="is not what was sent: tables"):
        note_receipt(move=moving, sent=manifest, receipt=wrong, at=LATER, by=STAFF)
    assert switch(move=moving, at=LATER, by=STAFF).state == MoveState.HELD
    assert (
        note_receipt(move=moving, sent=manifest, receipt=receipt_of(manifest), at=LATER, by=STAFF).state
        == MoveState.RECEIVED
    )


def test_nothing_is_erased_that_has_not_been_switched(moving):
    assert erase_here(move=moving, at=LATER, by=STAFF).state == MoveState.HELD
    for leaving in ("", str(moving.about_id)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('seatledger.leaving', %s, true)", [leaving])
        for table in ("events_event", "licences_ledgerentry"):
            with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
                delete_rows_of(moving, table)
    assert Event.objects.filter(account=moving.about_id).exists()


def delete_rows_of(move: Move, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE account_id = %s", [move.about_id])  # noqa: S608 -- of this file


def test_who_signed_in_here_is_sent_on_for_a_while(moving, tmp_path):
    _, manifest = package_of(moving, tmp_path)
    email = administrator_of(account_of(moving)).email
    note_receipt(move=moving, sent=manifest, receipt=receipt_of(manifest), at=LATER, by=STAFF)
    switch(move=moving, at=LATER, by=STAFF)
    assert find_forwarding(email.upper(), at=LATER) == "uk"
    assert find_forwarding("ben@northwind.example", at=LATER) is None
    assert find_forwarding(email, at=LATER + timedelta(days=91)) is None
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[]):
        assert find_forwarding(email, at=LATER) is None
    assert email not in str(list(Forwarding.objects.values()))
    assert forget_old_forwarding(at=LATER + timedelta(days=89)) == 0
    assert forget_old_forwarding(at=LATER + timedelta(days=90)) == 1


def test_a_file_is_read_whole_before_anything_is_touched(moving, tmp_path):
    file, _ = package_of(moving, tmp_path)
    half = tmp_path / "half.move"
    half.write_bytes(file.read_bytes()[:-500])
    for wrong in (half, tmp_path / "none.move"):
        with pytest.raises(NotAMove), opened(wrong):
            pass
    # It is at home in this very cell, so it cannot arrive here.
    with pytest.raises(NothingMoves):
        receive(path=file, at=LATER, by=STAFF)
    with pytest.raises(NothingMoves):
        open_arrival(account_id=moving.about_id, at=LATER, by=STAFF)


def test_a_secret_is_opened_by_who_it_was_sealed_for_alone():
    envelope = envelope_for(own_public_key())
    sealed = envelope.seal("a secret")
    assert envelope_from(envelope.sender, receiver=own_public_key()).open(sealed) == "a secret"
    assert "a secret" not in sealed
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[]), pytest.raises(NotAMove):
        envelope_from(envelope.sender, receiver=envelope.sender)
    other = envelope_for(own_public_key())
    with pytest.raises(NotAMove, match="sealed for another installation"):
        other.open(sealed)


def test_an_account_goes_only_where_the_same_is_sold_by_the_same():
    account = given_account()
    given_vendor()
    given_subscription(account)
    bill(account, "2026-03-03")
    offer = make_offer(account)
    with override_settings(SEATLEDGER_REGION="uk"), pytest.raises(DoesNotFit) as refused:
        check_offer(
            {
                **offer,
                "licence_types": ["professional-user", "telepathy"],
                "versions": {"team/1": "other"},
                "sellers": [{**offer["sellers"][0], "vat_number": "IE1"}],
            }
        )
    assert str(refused.value) == (
        "The catalogue of uk has no telepathy: apply it there first."
        " The plan team/1 is missing in uk, or another one: apply the same catalogues there."
        " The seller vendor of uk is not the same legal entity, or is missing."
        " Numbers begin with INV- in both regions: give each a prefix of its own, and move accounts that were billed"
        " under the new one."
    )
    check_offer({**offer, "series": []})
