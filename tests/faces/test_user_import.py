"""Administration > Users > Import."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from seatledger.domain.licences.queries import count_active_users
from seatledger.domain.people.models import User
from support import administrator_of, given_account

pytestmark = pytest.mark.django_db

HEADER = "First name,Last name,Email,Phone,Roles,Active\n"
GOOD = HEADER + "Bob,Ray,bob@x.example,,Billing,yes\nZoë,Müller,zoe@x.example,+44 1,,no\n"


@pytest.fixture
def account():
    return given_account()


@pytest.fixture
def post(account, visit_as):
    visitor = visit_as(administrator_of(account))
    return lambda data: visitor.post(reverse("portal:import_users"), data, follow=True)


def test_checking_changes_nothing(account, post):
    page = post({"text": GOOD, "do": "check"})
    assert page.status_code == 200
    assert "The list is in order: 2 users" in page.content.decode()
    assert User.objects.filter(account=account).count() == 1


def test_adding_adds_everyone(account, post):
    page = post({"text": GOOD, "do": "add"})
    assert "Added 2 users." in page.content.decode()
    assert User.objects.filter(account=account).count() == 3
    assert count_active_users(account) == 2


def test_a_file_is_read_like_its_text(account, post):
    file = SimpleUploadedFile("users.csv", b"\xef\xbb\xbf" + GOOD.encode())
    assert "in order: 2 users" in post({"file": file, "do": "check"}).content.decode()


def test_one_wrong_line_and_nobody_is_added(account, post):
    twice = GOOD + "Bob,Again,bob@x.example,,,yes\n"
    page = post({"text": twice, "do": "add"})
    assert page.status_code == 422
    assert "bob@x.example is in use already" in page.content.decode()
    assert User.objects.filter(account=account).count() == 1


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEADER, 1, "There is no user in the list"),
        ("Name\nBob\n", 1, "lacks the column First name"),
        (HEADER.replace("Phone", "Shoe size") + "a,b,c@x.example,,,\n", 1, "unknown column “shoe size”"),
        (HEADER + "Bob,Ray\n", 2, "more or fewer cells"),
        (HEADER + "Bob,Ray,bob@x.example,,Captain,yes\n", 2, "There is no role “Captain”"),
        (HEADER + "Bob,Ray,bob@x.example,,,maybe\n", 2, "Write yes or no"),
        (HEADER + "Bob,Ray,not an address,,,yes\n", 2, "This is no e-mail address"),
        (HEADER + "\u202eBob,Ray,bob@x.example,,,yes\n", 2, "U+202E"),
        (HEADER + '"Bob,Ray,bob@x.example,,,yes\n', 2, "no valid CSV"),
        (HEADER + "B" * 200 + ",Ray,bob@x.example,,,yes\n", 2, "too long"),
    ],
)
def test_every_mistake_names_its_line(account, post, text, line, says):
    page = post({"text": text, "do": "add"})
    shown = page.content.decode()
    assert page.status_code == 422
    assert f'<th scope="row" class="number">{line}</th>' in shown
    assert says in shown
    assert User.objects.filter(account=account).count() == 1


def test_a_file_that_is_not_utf_8_is_refused(post):
    page = post({"file": SimpleUploadedFile("users.csv", GOOD.encode("utf-16")), "do": "check"})
    assert page.status_code == 422
    assert "not UTF-8" in page.content.decode()
