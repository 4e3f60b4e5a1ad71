"""Three cells at work and one move between them: nothing of an account is in another cell than its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.backends.db import SessionStore
from pytest_django import DjangoDbBlocker

from charging import bill, given_vendor
from delivery import forget_the_jobs
from hooks import given_endpoint
from invoicing import given_invoice
from paying import given_card, pay
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import Document, FileKind, NumberSeries
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Pool
from seatledger.domain.notifications.models import WebhookSecret
from seatledger.domain.people.models import User
from seatledger.faces.cli.verify import find_problems
from seatledger.shared.sealing import Purpose, seal, unseal
from selling import business, given_subscription
from support import (
    AT,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_user,
)
from three_cells import Cell, reaching, three_cells

pytestmark = (
    pytest.mark.django_db
)  # so that there is a server; what the cells hold is committed in their databases

NAMES = {
    "eu": ("Northwind", "Kesselbrink"),
    "uk": ("Southwind", "Quayside"),
    "us": ("Westwind", "Brightwater"),
}
MOVES = "Kesselbrink"
PASSWORD = "correct horse battery staple"  # noqa: S105 -- made up
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 -- the same


@dataclass(frozen=True)
class World:
    """Three cells in which everybody works, one account of which has moved from the EU to the United Kingdom."""

    cells: dict[str, Cell]
    before: dict[str, str]
    said: str
    serial: str
    secret: str
    dumps: dict[str, str]


def work(cell: Cell) -> str:
    """Let two accounts of a cell work: people, licences, devices, invoices, a payment, a webhook; returns a secret."""
    given_vendor(percent="20")
    for kind, prefix in (("invoice", "INV"), ("credit_note", "CN")):
        NumberSeries.objects.filter(kind=kind).update(prefix=f"{cell.region.upper()}-{prefix}-")
    secret = ""
    for name in NAMES[cell.region]:
        account = given_account(name, region=cell.region)
        given_subscription(account, version=business())
        user = given_user(account, "Ben Okoro")
        user.set_password(PASSWORD)
        user.save()
        Authenticator.objects.create(
            user=user, type="totp", data={"secret": seal(SECRET, purpose=Purpose.SECOND_STEP)}
        )
        pools = {pool.licence_type.key: pool for pool in Pool.objects.filter(account=account)}
        assign_licence(pool=pools["professional-user"], user=user, at=AT, by=STAFF)
        given_device(pools["wallboard"], f"{name} lobby")
        bill(account, "2026-03-03")
        given_card(account)
        pay(given_invoice(account, [10000]))
        _, secret = given_endpoint(account, f"https://{name.lower()}.example/hooks")
        session = SessionStore()
        session["_auth_user_id"] = str(administrator_of(account).pk)
        session["said"] = name
        session.save()
    forget_the_jobs()
    return secret


def facts_of(cell: Cell, serial: str) -> dict[str, str]:
    """Return what stays the same wherever an account is: its people, its chains, its documents."""
    with cell.at_work():
        account = Account.objects.get(serial_number=serial)
        ben = User.objects.get(account=account, first_name="Ben")
        documents = Document.objects.filter(account=account).order_by("issue__number")
        return {
            "id": str(account.pk),
            "ben": f"{ben.pk} {ben.email} {ben.password}",
            "documents": " ".join(f"{row.issue.reference}={row.total_minor}" for row in documents),
            "files": " ".join(
                f"{bytes(file.content)[:20]!r}" for row in documents for file in row.files.all()
            ),
        }


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with three_cells(tmp_path_factory.mktemp("cells"), django_db_blocker, called="three") as cells:
        for cell in cells.values():
            with cell.at_work():
                secret = work(cell)
                if cell.region == "eu":
                    kept = secret
                    moving = Account.objects.get(name=MOVES)
                    document = Document.objects.filter(account=moving).first()
                    assert document is not None
                    store_files(document=document, kinds=[FileKind.UBL], at=AT, by=STAFF)
        before = facts_of(cells["eu"], moving.serial_number)
        code, said = cells["eu"].run(
            "account", "move", moving.serial_number, "--to", "uk", **reaching(cells["uk"])
        )
        assert code == 0, said
        dumps = {key: cell.dump() for key, cell in cells.items()}
        yield World(cells, before, said, moving.serial_number, kept, dumps)


def traces_of(cell: Cell) -> set[str]:
    """Return what names the accounts of a cell: serial numbers, names, and addresses of their people."""
    with cell.asked() as there:
        rows = there.execute(
            "SELECT serial_number FROM accounts_account UNION SELECT name FROM accounts_account"
            " UNION SELECT email FROM people_user UNION SELECT url FROM notifications_webhookendpoint"
        )
        return {str(trace) for (trace,) in rows}


def test_a_dump_of_each_cell_holds_nothing_of_another_cells_accounts(world):  # A11
    traces = {key: traces_of(cell) for key, cell in world.cells.items()}
    assert {MOVES, world.serial, "ben.okoro@kesselbrink.example"} <= traces["uk"]
    assert all(len(found) >= 5 for found in traces.values())
    strangers = [
        (there, trace)
        for here, own in traces.items()
        for there, dump in world.dumps.items()
        for trace in own
        if there != here and trace.lower() in dump.lower()
    ]
    assert strangers == []
    # The search finds what is there.
    assert all(trace.lower() in world.dumps[key].lower() for key, own in traces.items() for trace in own)


def test_everything_came_along_and_the_serial_number_stayed(world):  # A9
    assert world.serial.startswith("EU-")
    assert facts_of(world.cells["uk"], world.serial) == world.before
    assert world.before["documents"].startswith("EU-INV-")
    with world.cells["uk"].at_work():
        account = Account.objects.get(serial_number=world.serial)
        ben = User.objects.get(account=account, first_name="Ben")
        assert (account.region, account.moving_to) == ("uk", "")
        assert check_password(PASSWORD, ben.password)
        code = Authenticator.objects.get(user=ben).data["secret"]
        assert unseal(code, purpose=Purpose.SECOND_STEP) == SECRET
        sealed = WebhookSecret.objects.get(account=account).sealed
        assert unseal(sealed, purpose=Purpose.WEBHOOKS) == world.secret


def test_every_chain_counter_and_amount_agrees_in_every_cell(world):
    for cell in world.cells.values():
        with cell.at_work():
            assert list(find_problems(None)) == []


def test_the_numbers_stay_with_the_series_in_which_they_were_given(world):
    with world.cells["eu"].asked() as eu, world.cells["uk"].asked() as uk:
        left = eu.execute(
            "SELECT reference, region, total_minor FROM invoices_numberelsewhere ORDER BY number"
        ).fetchall()
        came = uk.execute(
            "SELECT issue.reference, series.region, issue.total_minor FROM invoices_issue issue"
            " JOIN invoices_numberseries series ON series.id = series_id WHERE series.region <> '' ORDER BY number"
        ).fetchall()
    assert [(reference, total) for reference, _, total in left] == [
        (reference, total) for reference, _, total in came
    ]
    assert {region for _, region, _ in left} == {"uk"}
    assert {region for _, region, _ in came} == {"eu"}
    assert len(left) >= 2


def test_both_regions_go_on_giving_numbers_of_their_own(world):
    for key, name, prefix in (("eu", "Northwind", "EU-INV-"), ("uk", MOVES, "UK-INV-")):
        with world.cells[key].at_work():
            account = Account.objects.get(name=name)
            assert [said.split()[0][:7] for said in bill(account, "2026-04-03")] == [prefix]
            forget_the_jobs()
            assert list(find_problems(None)) == []
