"""Account > Billing: request deletion of this account."""

import pytest
from django.urls import reverse
from signing_in import PASSWORD

from reading import text_of
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.models import Closure, ClosureState
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.people.permissions import Permission
from support import administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db
DELETION = "/billing/deletion"


def given_requester() -> User:
    """Return a billing user of Northwind with a password."""
    account = given_account("Northwind")
    role = Role.objects.get(account=account, built_in=BuiltInRole.BILLING)
    user = given_user(account, "Cara Bill", roles=[role])
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def test_the_details_tab_leads_to_the_request(visit_as):  # B1, B2
    page = visit_as(given_requester()).get(reverse("portal:billing"))
    assert "Request deletion of this account" in text_of(page, "#deletion")
    assert DELETION in page.content.decode()


def test_without_the_permission_there_is_neither_button_nor_way(visit_as):  # B2
    account = given_account("Northwind")
    role = given_role(account, "Reader", permissions=[Permission.BILLING_VIEW])
    visitor = visit_as(given_user(account, roles=[role]))
    assert DELETION not in visitor.get(reverse("portal:billing")).content.decode()
    assert visitor.get(DELETION).status_code == 403
    assert visitor.post(DELETION, {"name": "Northwind", "password": "x"}).status_code == 403
    assert not Closure.objects.exists()


def test_what_it_means_is_read_before_it_is_confirmed(visit_as):  # B5, B6, B7, B8, B9, B10, B11, B12, B13
    page = text_of(visit_as(given_requester()).get(DELETION))
    for said in (
        "cancelled at the end of your current subscription period",
        "All users are removed, including billing users and administrators",
        "can reach your devices any more",
        "Remove it by hand, or with your own software management",
        "told before the closing begins and once it is complete",
        "within 30 days",
        "To withdraw the request, or to have it done sooner, write to",
    ):
        assert said in page


@pytest.mark.parametrize("terms", ["https://vendor.example/terms?of=service", ""])
def test_the_terms_of_service_are_linked_where_there_are_some(visit_as, settings, terms):  # B11
    settings.SEATLEDGER_TERMS_ADDRESS = terms
    page = visit_as(given_requester()).get(DELETION)
    assert ("as our terms of service say" in text_of(page)) == bool(terms)
    assert (f'href="{terms}"' in page.content.decode()) == bool(terms)


def test_a_confirmed_request_is_shown_with_its_dates(visit_as):  # B4, B14
    visitor = visit_as(given_requester())
    answer = visitor.post(DELETION, {"name": "Northwind", "password": PASSWORD}, follow=True)
    assert "Deletion was requested" in text_of(answer, "#closure-status")
    assert Closure.objects.get().state == ClosureState.REQUESTED
    again = visitor.post(DELETION, {"name": "Northwind", "password": PASSWORD})
    assert again.status_code == 422
    assert "requested already" in text_of(again)
    assert Closure.objects.count() == 1
    assert "until then everything works" in text_of(visitor.get(reverse("portal:billing")), "#deletion")


def test_the_overview_says_that_the_account_is_going_to_be_closed(visit_as):  # B14
    visitor = visit_as(given_requester())
    assert "is closed on" not in text_of(visitor.get("/"))
    visitor.post(DELETION, {"name": "Northwind", "password": PASSWORD})
    page = visitor.get("/")
    assert "This account is closed on" in text_of(page)
    assert f'href="{DELETION}"' in page.content.decode()
    reader = given_user(
        Account.objects.get(), "Rita Reader", roles=[given_role(Account.objects.get(), "Reader")]
    )
    assert "is closed on" not in text_of(visit_as(reader).get("/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Southwind", "password": PASSWORD}, "Type the account's name as it is written"),
        ({"name": "Northwind", "password": "wrong"}, "This is not your password"),
        ({"name": "", "password": ""}, "required"),
    ],
)
def test_who_does_not_confirm_requests_nothing(visit_as, typed, said):
    answer = visit_as(given_requester()).post(DELETION, typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Closure.objects.exists()


def test_an_administrator_may_as_well(visit_as):
    assert visit_as(administrator_of(given_account("Northwind"))).get(DELETION).status_code == 200
