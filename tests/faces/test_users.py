"""Administration > Users, asked as a browser asks and read as a reader reads."""

import pytest
from django.urls import reverse

from support import administrator_of, given_account, given_user

pytestmark = pytest.mark.django_db


def test_the_list_shows_active_and_deactivated_users_and_counts_the_active(visit_as):  # C3, C5
    account = given_account("Northwind")
    given_user(account, "Bob Ray", active=False)
    given_user(given_account("Contoso"), "Mallory Nosy")
    page = visit_as(administrator_of(account)).get(reverse("portal:users")).content.decode()
    assert "Total Active Users: <strong>1</strong>" in page
    assert "Bob Ray" in page
    assert "Mallory" not in page


def test_a_new_user_is_added_with_all_initial_login_options(visit_as):  # C7, C9
    account = given_account("Northwind")
    visitor = visit_as(administrator_of(account))
    answer = visitor.post(
        reverse("portal:new_user"),
        {"first_name": "Bob", "last_name": "Ray", "email": "bob@x.example", "welcome": "on", "active": "on"},
        follow=True,
    )
    page = answer.content.decode()
    assert "Bob Ray was added." in page
    assert "Total Active Users: <strong>2</strong>" in page
