"""Administration > Users, asked as a browser asks and read as a reader reads."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seatledger.domain.licences.queries import count_active_users
from seatledger.domain.people.models import User
from support import (
    administrator_of,
    administrator_role,
    given_account,
    given_administrator,
    given_role,
    given_user,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db

NEW = {"first_name": "Bob", "last_name": "Ray", "email": "bob@x.example", "welcome": "on", "active": "on"}


@pytest.fixture
def account():
    return given_account("Northwind")


@pytest.fixture
def visitor(account, visit_as):
    return visit_as(administrator_of(account))


@pytest.fixture
def select(visitor):
    """Return a way to do something to the selected users."""

    def do(what, *users):
        data = {"do": what, "user": [user.pk for user in users]}
        return visitor.post(reverse("portal:change_selected_users"), data, follow=True)

    return do


def active_cell(page, name):
    """Return what the Active column shows for a user."""
    row = re.search(rf"<tr>(?:(?!</tr>).)*?{name}.*?</tr>", page.content.decode(), re.DOTALL)
    assert row, f"{name} is not in the list"
    cell = re.search(r'data-label="Active">.*?(Yes|No)<', row[0], re.DOTALL)
    assert cell
    return cell[1]


def test_the_list_shows_active_and_deactivated_users(account, visitor):  # C2, C3, C6
    given_user(account, "Bob Ray", active=False)
    given_user(given_account("Contoso"), "Mallory Nosy")
    page = visitor.get(reverse("portal:users"))
    assert active_cell(page, "Ann Lee") == "Yes"
    assert active_cell(page, "Bob Ray") == "No"
    assert "Mallory" not in page.content.decode()


def test_the_total_of_active_users_stands_above_the_table(account, visitor):  # C1, C4, C5
    given_user(account, "Bob Ray", active=False)
    page = visitor.get(reverse("portal:users")).content.decode()
    assert page.index("Total Active Users: <strong>1</strong>") < page.index("<table")


def test_the_total_links_to_exactly_the_users_it_counts(account, visitor):
    given_user(account, "Bob Ray", active=False)
    given_user(account, "Cleo Marsh")
    page = visitor.get(reverse("portal:users") + "?active=yes").content.decode()
    assert [name in page for name in ("Ann Lee", "Bob Ray", "Cleo Marsh")] == [True, False, True]


def test_who_waits_for_activation_is_told_from_who_was_deactivated(account, visitor, select):  # C12
    given_user(account, "Bob Ray", active=False)
    select("deactivate", given_user(account, "Cleo Marsh"))
    page = visitor.get(reverse("portal:users") + "?active=waiting").content.decode()
    assert [name in page for name in ("Ann Lee</a>", "Bob Ray", "Cleo Marsh")] == [False, True, False]


def test_the_modal_opens_in_user_information_with_everything_selected(visitor):  # C7, C8, C10, C13
    page = visitor.get(reverse("portal:new_user")).content.decode()
    assert page.index("User information") < page.index("Roles</h2>")
    boxes = dict(re.findall(r'<input type="checkbox" name="(random_password|welcome|active)"([^>]*)>', page))
    assert all("checked" in attributes for attributes in boxes.values())
    assert set(boxes) == {"random_password", "welcome", "active"}
    assert "disabled" in boxes["random_password"]
    assert "Administrator" in page[page.index("Roles</h2>") :]


@pytest.mark.parametrize("field", ["first_name", "last_name", "email"])
def test_mandatory_fields_are_asked_for(account, visitor, field):  # C9
    answer = visitor.post(reverse("portal:new_user"), NEW | {field: " "})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert User.objects.filter(account=account).count() == 1


def test_a_random_password_is_set_whatever_is_sent(account, visitor):  # C11
    visitor.post(reverse("portal:new_user"), NEW | {"random_password": "", "password": "hunter2hunter2"})
    user = User.objects.get(account=account, email="bob@x.example")
    assert not user.has_usable_password()


def test_a_user_added_inactive_is_not_counted(account, visitor):  # C12
    sent = {key: value for key, value in NEW.items() if key != "active"}
    page = visitor.post(reverse("portal:new_user"), sent, follow=True)
    assert active_cell(page, "Bob Ray") == "No"
    assert count_active_users(account) == 1
    assert User.objects.get(email="bob@x.example").invited_at is None


def test_a_user_is_made_an_administrator_under_roles(account, visitor):  # C13
    visitor.post(reverse("portal:new_user"), NEW | {"roles": [administrator_role(account).pk]})
    page = visitor.get(reverse("portal:users") + f"?role={administrator_role(account).pk}").content.decode()
    assert "Bob Ray" in page


def test_deactivating_shows_no_and_counts_one_less(account, select):  # C14, C16
    user = given_user(account, "Bob Ray")
    page = select("deactivate", user)
    assert active_cell(page, "Bob Ray") == "No"
    assert "Total Active Users: <strong>1</strong>" in page.content.decode()


def test_activating_shows_yes_and_counts_one_more(account, select):  # C18, C19
    user = given_user(account, "Bob Ray", active=False)
    page = select("activate", user)
    assert active_cell(page, "Bob Ray") == "Yes"
    assert "Total Active Users: <strong>2</strong>" in page.content.decode()


def test_doing_it_twice_counts_once(account, select):  # C24
    user = given_user(account, "Bob Ray")
    select("activate", user)
    assert count_active_users(account) == 2
    select("deactivate", user)
    select("deactivate", user)
    assert count_active_users(account) == 1


def test_an_administrator_is_deactivated_only_without_the_role(account, select):  # C15
    cleo = given_administrator(account)
    refused = select("deactivate", cleo)
    assert refused.status_code == 422
    assert "Remove the Administrator role first" in refused.content.decode()
    assert refreshed(cleo).is_active
    select("remove-role-and-deactivate", cleo)
    assert not refreshed(cleo).is_active


@pytest.mark.parametrize("what", ["deactivate", "remove-role-and-deactivate"])
def test_the_last_administrator_stays(account, select, what):  # C21, C23
    ann = administrator_of(account)
    refused = select(what, ann)
    assert refused.status_code == 422
    assert "Ann Lee is the only active administrator." in refused.content.decode()
    assert "Remove the Administrator role and deactivate" not in refused.content.decode()
    assert refreshed(ann).is_active


def test_the_last_administrator_keeps_the_role(account, visitor):  # C21
    ann = administrator_of(account)
    sent = {"first_name": "Ann", "last_name": "Lee", "email": ann.email, "phone": ""}
    refused = visitor.post(reverse("portal:edit_user", args=[ann.pk]), sent)
    assert refused.status_code == 422
    assert "Make someone else an administrator first." in refused.content.decode()


def test_deleting_asks_first_then_counts_one_less(account, select):  # C22
    user = given_user(account, "Bob Ray")
    asked = select("delete", user)
    assert "Delete 1 user?" in asked.content.decode()
    assert count_active_users(account) == 2
    done = select("delete-for-good", user)
    assert "Bob Ray</a>" not in done.content.decode()
    assert count_active_users(account) == 1


def test_deleting_a_deactivated_user_changes_no_count(account, select):  # C22
    user = given_user(account, "Bob Ray", active=False)
    select("delete-for-good", user)
    assert count_active_users(account) == 1


def test_several_are_changed_together_or_not_at_all(account, select):
    users = given_users(account, 3)
    select("deactivate", *users)
    assert count_active_users(account) == 1
    select("activate", *users)
    refused = select("deactivate", *users, administrator_of(account))
    assert refused.status_code == 422
    assert count_active_users(account) == 4


def test_selecting_nobody_says_so(select):
    assert "No user is selected." in select("deactivate").content.decode()


def test_another_accounts_user_answers_like_none(visitor, select):
    stranger = given_user(given_account("Contoso"), "Mallory Nosy")
    for page in ("user", "edit_user"):
        assert visitor.get(reverse(f"portal:{page}", args=[stranger.pk])).status_code == 404
        assert visitor.get(reverse(f"portal:{page}", args=[uuid.uuid4()])).status_code == 404
    assert "No user is selected." in select("deactivate", stranger).content.decode()
    assert refreshed(stranger).is_active


def test_without_the_permission_users_are_seen_but_not_changed(account, visit_as):
    reader = given_user(account, "Bob Ray", roles=[given_role(account)])
    visitor = visit_as(reader)
    page = visitor.get(reverse("portal:users")).content.decode()
    assert "Ann Lee" in page
    assert "New User" not in page
    assert visitor.post(reverse("portal:new_user"), NEW).status_code == 403
    data = {"do": "deactivate", "user": [administrator_of(account).pk]}
    assert visitor.post(reverse("portal:change_selected_users"), data).status_code == 403


def test_a_user_without_roles_sees_no_users(account, visit_as):
    assert visit_as(given_user(account, "Bob Ray")).get(reverse("portal:users")).status_code == 403


def test_who_is_not_signed_in_is_asked_to(anyone):
    answer = anyone.get(reverse("portal:users"))
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/users/"


def test_the_list_asks_as_often_for_three_users_as_for_one(account, visitor, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        visitor.get(reverse("portal:users"))
    given_users(account, 3)
    with django_assert_num_queries(len(few)):
        visitor.get(reverse("portal:users"))


def test_long_lists_are_cut_into_pages_that_miss_and_repeat_nobody(account, visitor):
    given_users(account, 120)
    seen, url = [], reverse("portal:users")
    while url:
        page = visitor.get(url).content.decode()
        seen += re.findall(r'data-select-row aria-label="Select ([^"]+)"', page)
        found = re.search(r'href="([^"]+)"\s+rel="next"', page)
        url = reverse("portal:users") + found[1].replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) == 121


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?search=%00", 400),
        ("?search=%ED%A0%80", 200),
        ("?search=" + "x" * 5000, 200),
        ("?role=nonsense&active=perhaps", 200),
        ("?after=nonsense", 400),
        ("?after=W10", 400),
        ("?search=%E2%80%AE%27%22%25_", 200),
    ],
)
def test_what_makes_no_sense_is_never_a_crash(visitor, query, status):
    assert visitor.get(reverse("portal:users") + query).status_code == status


@pytest.mark.parametrize(
    "name",
    ["\ud800", "\u202eevil", "x" * 10_000, "\x07bell", "\u0000"],
    ids=["surrogate", "override", "long", "control", "nul"],
)
def test_a_name_that_cannot_be_shown_is_refused(account, visitor, name):
    sent = NEW | {"first_name": name}
    body = "&".join(f"{key}={_percent(value)}" for key, value in sent.items())
    answer = visitor.generic("POST", reverse("portal:new_user"), body, "application/x-www-form-urlencoded")
    assert answer.status_code in (400, 422)
    assert User.objects.filter(account=account).count() == 1


def _percent(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))
