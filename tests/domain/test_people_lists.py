"""Lists of an account's people: its own alone, narrowed and in pages."""

import pytest

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import change_roles
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import UserFilter, get_user, list_users
from seatledger.shared.errors import NotFound
from support import AT, STAFF, given_account, given_role, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour() -> User:
    return given_user(given_account("Southwind"), "Ned Neighbour")


@pytest.fixture
def account(neighbour: User) -> Account:
    """An account beside a neighbour with people of its own."""
    return given_account("Northwind")


def test_a_list_tells_of_the_own_account_alone(account: Account, neighbour: User):
    given_user(account, "Ben Okoro")
    assert [user.first_name for user in list_users(account, UserFilter())] == ["Ann", "Ben"]
    assert list_users(account, UserFilter(search="Ned")) == []
    with pytest.raises(NotFound):
        get_user(account, neighbour.pk)


def test_a_list_is_narrowed_and_paged_by_name(account: Account, neighbour: User):
    role = given_role(account, "Desk")
    users = [given_user(account, name) for name in ("Zoe Adams", "amy Brown", "Amelia brown", "Bob Brown")]
    change_roles(user=users[3], role_ids=[role.pk], at=AT, by=STAFF)
    everyone = list_users(account, UserFilter())
    assert [user.last_name.lower() for user in everyone] == ["adams", "brown", "brown", "brown", "lee"]
    paged, after = [], None
    while page := list_users(account, UserFilter(), after=after, limit=2):
        paged += page
        last = page[-1]
        after = (last.last_name.lower(), last.first_name.lower(), last.pk)
    assert paged == everyone
    assert list_users(account, UserFilter(search="bob BROWN")) == [users[3]]
    assert list_users(account, UserFilter(role_id=role.pk)) == [users[3]]
    assert list_users(account, UserFilter(ids=(users[0].pk, neighbour.pk))) == [users[0]]
    assert list_users(account, UserFilter(search="Bob"))[0].role_names == ["Desk"]
