"""The ends of accounts in the console: listed with their deadlines, decided by staff, proved by a certificate."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from staff_visits import sign_in_staff

from commands import run_command
from delivery import jobs_named
from reading import text_of
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import request_closure
from seatledger.domain.closures.certificates import make_key
from seatledger.domain.closures.erasure import erase
from seatledger.domain.closures.models import Certificate, Closure, ClosureState, ClosureStep
from seatledger.domain.events.models import Event
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.domain.staff.permissions import StaffRole
from seatledger.faces.jobs.closures import go_on_with_closure, make_certificate_pdf
from staffing import given_member
from support import SYSTEM, actor_of, administrator_of, given_account, given_pool, refreshed

pytestmark = pytest.mark.django_db

LIST = "/console/closures/"


def given_request(name: str = "Northwind", *, days: int = 20) -> Closure:
    """Return a closure that an administrator asked for now: of an account whose licences end in so many days."""
    account = given_account(name)
    given_pool(account, expires_on=timezone.now().date() + timedelta(days=days))
    return request_closure(account=account, at=timezone.now(), by=actor_of(administrator_of(account)))


def given_closed(name: str = "Southwind") -> Closure:
    """Return a closure that was carried out just now and is to be erased within 30 days."""
    closure = given_request(name)
    now = timezone.now()
    Closure.objects.filter(pk=closure.pk).update(
        state=ClosureState.CLOSED,
        takes_effect_at=now,
        closed_at=now,
        erase_at=now,
        erase_by=now + timedelta(days=30),
    )
    Account.objects.filter(pk=closure.account_id).update(closed_at=now)
    return refreshed(closure)


def do(visitor, closure: Closure, deed: str, **typed: str):
    """Do a deed as its form does; returns the page after it."""
    url = reverse("console:deed", args=[closure.account.serial_number, deed])
    return visitor.post(url, {"reason": "Letter of Ms Lee", **typed}, follow=True)


def page_of(visitor, closure: Closure):
    return visitor.get(reverse("console:account", args=[closure.account.serial_number]))


def held_up_by(closure: Closure) -> str:
    """Let the job go on with a closure; returns what then holds it up."""
    go_on_with_closure(closure_id=str(closure.pk))
    said: str = refreshed(closure).held_up_by
    return said


@pytest.fixture
def bram():
    return sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))


# B11, B14
def test_the_list_shows_what_goes_on_with_its_deadlines(bram):
    given_request("Northwind")
    given_closed("Southwind")
    page = text_of(bram.get(LIST), "#closures")
    assert "Northwind" in page
    assert "Requested goes on by itself on" in page
    assert "29 days left" in page
    assert page.index("Southwind") < page.index("Northwind"), "what is due first stands first"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=6, hours=1), "6 days left"),
        (timedelta(days=1, hours=1), "1 day left"),
        (timedelta(hours=1), "last day"),
        (timedelta(hours=-1), "1 day late"),
        (timedelta(days=-3), "4 days late"),
    ],
)
def test_the_deadline_counts_down(bram, left, said):
    Closure.objects.filter(pk=given_closed().pk).update(erase_by=timezone.now() + left)
    assert said in text_of(bram.get(LIST), "#closures")


def test_the_list_is_narrowed(bram):
    given_request("Northwind")
    given_closed("Southwind")
    do(bram, given_request("Westwind"), "withdraw_closure")
    Closure.objects.filter(account__name="Southwind").update(held_up_by="A payment has no answer yet.")
    wanted = {
        "going_on": {"Northwind", "Southwind"},
        "to_acknowledge": {"Northwind"},
        "held_up": {"Southwind"},
        "to_erase": {"Southwind"},
        "erased": set(),
        "withdrawn": {"Westwind"},
    }
    for show, names in wanted.items():
        page = text_of(bram.get(LIST, {"show": show}), "#closures")
        assert {name for name in ("Northwind", "Southwind", "Westwind") if name in page} == names, show


def test_a_long_list_goes_on_with_the_next_page(bram, monkeypatch):
    monkeypatch.setattr("seatledger.faces.console.closures.PAGE", 2)
    monkeypatch.setattr("seatledger.faces.ui.paging.PAGE", 2)
    for number, name in enumerate(("Northwind", "Eastwind", "Westwind")):
        given_request(name, days=20 + number)
    first = bram.get(LIST)
    assert "Westwind" not in text_of(first, "#closures")
    assert "Westwind" in text_of(bram.get(LIST + first.context["next_url"]), "#closures")


# B13, B14
def test_staff_acknowledge_and_withdraw_and_the_customer_reads_it(bram, visit_as):
    closure = given_request()
    do(bram, closure, "acknowledge_closure", reference="T-17")
    assert refreshed(closure).state == ClosureState.SCHEDULED
    assert "This request was acknowledged already." in text_of(do(bram, closure, "acknowledge_closure"))
    do(bram, closure, "withdraw_closure", reference="T-18")
    assert refreshed(closure).state == ClosureState.WITHDRAWN
    page = text_of(page_of(bram, closure), "#closure")
    for said in ("Acknowledged by the vendor", "Bram Olsen", "Letter of Ms Lee", "T-17", "T-18"):
        assert said in page
    assert "Withdraw the request" not in page
    acted = Event.objects.filter(account=closure.account, kind="staff_acted")
    assert set(acted.values_list("actor_label", flat=True)) == {"Admin Team"}
    history = visit_as(administrator_of(closure.account)).get("/billing/history/")
    told = text_of(history, "#deletion-history")
    assert "Withdrawn" in told
    assert "Admin Team Letter of Ms Lee" in told
    assert "Bram Olsen" not in history.content.decode(), "customers are told of a team, not of a person"


# B12
@pytest.mark.parametrize(("days", "state"), [(14, DeedState.DONE), (15, DeedState.WAITING)])
def test_bringing_it_far_forward_needs_a_second_person(bram, days, state):
    closure = given_request(days=60)
    to = closure.takes_effect_at.date() - timedelta(days=days)
    do(bram, closure, "bring_closure_forward", to=str(to))
    deed = StaffDeed.objects.get()
    assert deed.state == state
    assert (refreshed(closure).takes_effect_at.date() == to) == (state == DeedState.DONE)
    if state == DeedState.WAITING:
        ada = sign_in_staff(given_member("Ada Quist"))
        ada.post(reverse("console:decide", args=[deed.pk]), {"decision": "approve"})
        assert refreshed(closure).takes_effect_at.date() == to
        assert ClosureStep.objects.filter(closure=closure, kind="brought_forward").count() == 1


def test_staff_request_it_for_a_customer_who_wrote_a_letter(bram):
    account = given_account("Eastwind")
    url = reverse("console:deed", args=[account.serial_number, "request_closure"])
    bram.post(url, {"reason": "By letter", "reference": "L-4"})
    closure = Closure.objects.get(account=account)
    assert (closure.state, closure.requested_by_id) == (ClosureState.SCHEDULED, None)
    assert "requested already" in text_of(bram.post(url, {"reason": "By letter"}))


# B10
def test_what_holds_a_closing_up_is_said_and_tried_again(bram):
    closure = given_request()
    assert "Nothing of this closing is due now." in text_of(do(bram, closure, "try_closure_again"))
    why = "A payment has no answer yet. The closing goes on once it has one."
    Closure.objects.filter(pk=closure.pk).update(
        state=ClosureState.CLOSING, takes_effect_at=timezone.now(), held_up_by=why
    )
    assert why in text_of(bram.get(LIST), "#closures")
    done = do(bram, closure, "try_closure_again")
    assert "Try again now: done." in text_of(done)
    [job] = jobs_named("go_on_with_closure")
    go_on_with_closure(**job.args)
    closed = refreshed(closure)
    assert (closed.state, closed.held_up_by) == (ClosureState.CLOSED, "")
    steps = text_of(page_of(bram, closure), "#closure")
    assert "All users and devices removed" in steps
    assert "Closed, and everybody concerned was told" in steps


def test_a_step_that_fails_is_told(settings):
    closure = given_closed()
    assert "Mails about the closing wait to be sent." in held_up_by(closure)
    Closure.objects.filter(pk=closure.pk).update(erase_by=timezone.now() + timedelta(days=2))
    make_key(at=timezone.now())
    settings.SECRET_KEY = settings.SECRET_KEY[::-1]  # what was sealed with the right one cannot be opened
    assert "The log of the worker says why" in held_up_by(closure)
    assert refreshed(closure).state == ClosureState.CLOSED


def test_support_sees_it_and_decides_nothing():
    closure = given_request()
    suri = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    page = page_of(suri, closure)
    assert "Deletion of this account" in text_of(page)
    assert "withdraw_closure" not in page.content.decode()
    assert do(suri, closure, "withdraw_closure").status_code == 403
    assert refreshed(closure).state == ClosureState.REQUESTED


def test_a_closed_account_is_changed_no_more_but_its_books_are(bram):
    closure = given_closed()
    answer = do(bram, closure, "credit_account", amount="5", text="Sorry")
    assert answer.status_code == 422
    assert "This account is closed." in text_of(answer)


# B11
def test_the_certificate_is_sent_as_json_and_as_pdf_with_the_same_digest(bram, tmp_path):
    closure = given_closed()
    serial = closure.account.serial_number
    as_json, as_pdf = (reverse("console:certificate", args=[serial, kind]) for kind in ("json", "pdf"))
    assert bram.get(as_json).status_code == 404, "there is none yet"
    erase(closure, at=timezone.now() + timedelta(days=29), by=SYSTEM)
    page = page_of(bram, closure).content.decode()
    assert as_json in page
    assert as_pdf in page
    assert bram.get(reverse("console:certificate", args=[serial, "docx"])).status_code == 404
    comes = bram.get(as_pdf)
    assert (comes.status_code, comes["Refresh"]) == (202, "3")
    jobs = jobs_named("make_certificate_pdf")
    assert len(jobs) == 2, "one with the erasure, one because somebody asked"
    for job in jobs:
        make_certificate_pdf(**job.args)
    content = bram.get(as_json).content
    file = tmp_path / "certificate.json"
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    code, said = run_command("verify-certificate", file)
    assert (code, digest in said) == (0, True)
    pdf = PdfReader(BytesIO(bram.get(as_pdf).content))
    printed = "".join(page.extract_text() for page in pdf.pages)
    assert digest in "".join(printed.split())
    assert serial in printed
    assert pdf.attachments["certificate.json"] == [content]
    key = json.loads(content)["proof"]["public_key"]
    assert run_command("closure", "keys")[1].split()[::4][0] == key
    assert Certificate.objects.get().digest == digest
