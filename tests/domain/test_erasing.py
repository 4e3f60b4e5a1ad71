"""After the erasure, forty values that were planted are found nowhere but among the documents that a duty keeps.

Searched are all rows there are, the files beside the database and the log of all that happened.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.urls import reverse

from buying import CARD
from charging import given_vendor
from delivery import queue_job
from logged import everything_logged
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import acknowledge, bring_forward, request_closure
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure, ClosureState
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import BillingDetails, Document
from seatledger.domain.licences.actions import (
    NewUser,
    add_user,
    assign_licence,
    change_total,
    request_licences,
)
from seatledger.domain.licences.models import Pool
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.payments.actions import add_method
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.domain.people.actions import create_role
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.signups.actions import NewSignup, ask_to_sign_up
from seatledger.domain.subscriptions.models import EmailDomain, Mailbox
from seatledger.faces.jobs.messages import send_message
from seatledger.shared.boundary import unbind
from selling import given_subscription
from signing_up import PASSWORD, given_offer
from support import (
    AT,
    LATER,
    STAFF,
    SYSTEM,
    actor_of,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
)

pytestmark = pytest.mark.django_db

ACCOUNT = "Zwitschermaschine Kollektiv"
PEOPLE = [
    ("Quirinius", "Abendschein", "+49 30 555 0101"),
    ("Wilhelmine", "Butterfass", "+49 30 555 0102"),
    ("Xaveria", "Cembalo", "+49 30 555 0103"),
    ("Yorick", "Donnerkeil", "+49 30 555 0104"),
    ("Zacharias", "Eulenspiegel", "+49 30 555 0105"),
    ("Tycho", "Fingerhut", "+49 30 555 0106"),
    ("Ulrike", "Gansblum", "+49 30 555 0107"),
    ("Valentin", "Himmelreich", "+49 30 555 0108"),
]
OTHERS = {
    "device": "Schalterraum-Bildschirm",
    "note": "bitte an Frau Kupferstich im dritten Stock",
    "reason": "so gewünscht von Herrn Lindwurm",
    "role": "Vertretung Mondschein",
    "domain": "zwitschermaschine.example",
    "copies": "kopie@nachtigall.example",
    "staff_reason": "Anruf von Frau Ofenrohr",
    "reference": "Brief-Papagei-17",
}
# Documents that were issued, and their files: kept under the seller's duty to keep books.
RETAINED = {"invoices_document", "invoices_documentfile"}
KEPT_VALUES = {"street": "Pappelallee 78", "legal_name": "Quastenflosser GmbH"}


def planted() -> list[str]:
    of_people = [
        value for first, last, phone in PEOPLE for value in (first, last, phone, address(first, last))
    ]
    return [ACCOUNT, *of_people, *OTHERS.values()]


def address(first: str, last: str) -> str:
    return f"{first}.{last}@zwitschermaschine.example".lower()


def given_full_account() -> Account:
    """Return an account with the planted values in every place that takes one."""
    given_vendor()
    account = given_account(ACCOUNT)
    given_subscription(account)
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    role = create_role(
        account=account,
        name=OTHERS["role"],
        description=OTHERS["role"],
        permissions=[Permission.USERS_VIEW],
        at=AT,
        by=STAFF,
    )
    for first, last, phone in PEOPLE:
        new = NewUser(first, last, address(first, last), phone=phone, role_ids=[role.pk])
        user = add_user(account=account, new=new, at=AT, by=STAFF)
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["said"] = f"{first} {last}"
        session.save()
    assign_licence(pool=pool, user=user, at=AT, by=STAFF)
    given_device(given_pool(account, given_device_type()), OTHERS["device"])
    kind = pool.licence_type
    request_licences(
        account=account, licence_type=kind, number=2, note=OTHERS["note"], at=AT, by=actor_of(user)
    )
    change_total(pool=pool, total=9, reason=OTHERS["reason"], at=AT, by=STAFF)
    EmailDomain.objects.create(
        account=account, domain=OTHERS["domain"], mailbox=Mailbox.POSTMASTER, asked_at=AT, verified_at=AT
    )
    BillingDetails.objects.create(account=account, country="DE", copies_to=[OTHERS["copies"]], **KEPT_VALUES)
    add_method(account=account, new=CARD, at=AT, by=STAFF)
    given_offer()
    signup = NewSignup(
        ACCOUNT, *PEOPLE[1][:2], address(*PEOPLE[1][:2]), PASSWORD, "team", "GBP", "UTC", "en-GB"
    )
    ask_to_sign_up(signup_id=uuid4(), new=signup, at=AT, by=SYSTEM)
    queue_job("deliver_password_reset", email=address(*PEOPLE[0][:2]), request_id="x")
    bill_account(account=account, at=AT, by=SYSTEM)
    return account


def close_and_erase(account: Account) -> Closure:
    closure = request_closure(account=account, at=LATER, by=actor_of(administrator_of(account)))
    acknowledge(closure=closure, reference=OTHERS["reference"], at=LATER, by=STAFF)
    day = (LATER + timedelta(days=5)).date()
    sooner = bring_forward(closure=closure, to=day, reason=OTHERS["staff_reason"], at=LATER, by=STAFF)
    closure = go_on(closure, at=sooner, by=SYSTEM)
    Payment.objects.filter(account=account, is_live=True).update(state=PaymentState.FAILED, ended_at=sooner)
    closure = go_on(closure, at=sooner, by=SYSTEM)
    assert closure.state == ClosureState.CLOSED
    Message.objects.filter(account=account).update(sent_at=sooner)
    return go_on(closure, at=sooner + timedelta(days=1), by=Actor.system())


def found_among(text: str) -> set[str]:
    """Return the planted values that stand in a text, also as a row shows them that are kept as bytes."""
    lower = text.lower()
    return {value for value in planted() if value.lower() in lower or value.encode().hex() in lower}


def found_in() -> dict[str, set[str]]:
    """Return where planted values stand: the tables of whatever schema, with the values found in each."""
    places: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'")
        for (table,) in cursor.fetchall():
            if table.startswith(("pg_", "information_schema.")):
                continue
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- the database's own names
            there = found_among("\n".join(row for (row,) in cursor.fetchall()))
            if there:
                places[table] = there
    return places


def found_in_files(folder: Path) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return found_among("\n".join(path.read_bytes().decode(errors="replace") for path in files))


def given_visits(users: Iterable[User]) -> None:
    """Let people ask for letters and pages, with what they are called in the address, and fail to sign in."""
    client = Client(raise_request_exception=False)
    for user in users:
        request_reset(user)
        client.post(reverse("account_login"), {"login": user.email, "password": user.last_name})
        unbind()
        client.get(reverse("account_login"), {"next": f"/users/?q={user.first_name}", "login": user.email})
        unbind()


# B11
def test_forty_planted_values_are_found_nowhere_after_the_erasure(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert len(planted()) == len(set(planted())) >= 40
    with everything_logged() as log:
        account = given_full_account()
        given_visits(User.objects.filter(account=account, last_name__in=[last for _, last, _ in PEOPLE]))
        before = set().union(*found_in().values())
        assert set(planted()) - before <= {OTHERS["staff_reason"], OTHERS["reference"]}, (
            "planted, so to be found"
        )
        assert len(found_in_files(tmp_path)) >= len(PEOPLE), "written in letters, so to be found"
        closure = close_and_erase(account)
    assert closure.state == ClosureState.ERASED
    assert {table: values for table, values in found_in().items() if table not in RETAINED} == {}
    assert found_in_files(tmp_path) == set()
    assert "request_finished" in log.getvalue()
    assert found_among(log.getvalue()) == set()
    # What a duty keeps is whole.
    [document] = Document.objects.filter(account=account)[:1]
    assert document.billed_to["name"] == KEPT_VALUES["legal_name"]


def test_letters_that_were_kept_in_files_go_with_the_account(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    neighbour, account = given_account("Northwind"), given_full_account()
    for each in (neighbour, account):
        request_reset(administrator_of(each))
    assert {folder.name for folder in tmp_path.iterdir()} == {str(neighbour.pk), str(account.pk)}
    close_and_erase(account)
    assert [folder.name for folder in tmp_path.iterdir()] == [str(neighbour.pk)]
    assert len(list(tmp_path.rglob("*.log"))) == 1


def request_reset(user: User) -> None:
    """Write a letter to a user, and send it as the job does."""
    message = Message.objects.create(
        account=user.account,
        kind=MessageKind.PASSWORD_RESET,
        cause=f"test:{user.pk}",
        recipient=user.email,
        user=user,
        queued_at=AT,
    )
    send_message(message_id=str(message.pk))


def test_the_erasure_of_one_account_leaves_another_alone():
    neighbour = given_account("Northwind")
    people = User.objects.filter(account=neighbour).count()
    events = count_of("events_event", neighbour)
    close_and_erase(given_full_account())
    assert User.objects.filter(account=neighbour).count() == people
    assert count_of("events_event", neighbour) == events


def count_of(table: str, account: Account) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE account_id = %s", [account.pk])  # noqa: S608 -- as above
        return int(cursor.fetchone()[0])
