"""Administration > Roles."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seatledger.domain.people.models import Role
from seatledger.domain.people.permissions import Permission
from support import administrator_of, administrator_role, given_account, given_pool, given_role, given_user

pytestmark = pytest.mark.django_db


def test_a_role_is_made_and_gives_its_licences_at_once(visit_as):
    account = given_account()
    pool = given_pool(account)
    visitor = visit_as(administrator_of(account))
    answer = visitor.post(
        reverse("portal:new_role"),
        {"name": "Analyst", "permissions": [Permission.USERS_VIEW], "licences": [pool.licence_type_id]},
        follow=True,
    )
    assert "The role Analyst was added." in answer.content.decode()
    given_user(account, "Bob Ray", roles=[Role.objects.get(account=account, name="Analyst")])
    pool.refresh_from_db()
    assert pool.assigned_licences == 1


def test_a_role_is_cloned_with_what_it_allows(visit_as):
    account = given_account()
    page = visit_as(administrator_of(account)).get(
        reverse("portal:clone_role", args=[administrator_role(account).pk])
    )
    assert 'value="Copy of Administrator"' in page.content.decode()


def test_a_name_is_used_once(visit_as):
    account = given_account()
    answer = visit_as(administrator_of(account)).post(reverse("portal:new_role"), {"name": "billing"})
    assert answer.status_code == 422
    assert "There is a role “billing” already." in answer.content.decode()


def test_the_built_in_administrator_can_be_neither_edited_nor_deleted(visit_as):
    account = given_account()
    role = administrator_role(account)
    visitor = visit_as(administrator_of(account))
    edited = visitor.post(reverse("portal:edit_role", args=[role.pk]), {"name": "Boss"})
    deleted = visitor.post(reverse("portal:delete_role", args=[role.pk]))
    assert (edited.status_code, deleted.status_code) == (422, 422)
    assert "is built in and cannot be changed" in edited.content.decode()
    assert "is built in and cannot be deleted" in deleted.content.decode()


def test_a_role_that_users_have_is_not_deleted(visit_as):
    account = given_account()
    role = given_role(account, "Helpdesk")
    given_user(account, "Bob Ray", roles=[role])
    visitor = visit_as(administrator_of(account))
    refused = visitor.post(reverse("portal:delete_role", args=[role.pk]))
    assert refused.status_code == 422
    assert Role.objects.filter(pk=role.pk).exists()


def test_an_unused_role_is_deleted(visit_as):
    account = given_account()
    role = given_role(account, "Helpdesk")
    visit_as(administrator_of(account)).post(reverse("portal:delete_role", args=[role.pk]))
    assert not Role.objects.filter(pk=role.pk).exists()


def test_another_accounts_role_answers_like_none(visit_as):
    role = given_role(given_account("Contoso"), "Spies")
    visitor = visit_as(administrator_of(given_account()))
    for page in ("role", "edit_role", "delete_role", "clone_role"):
        assert visitor.get(reverse(f"portal:{page}", args=[role.pk])).status_code == 404


def test_without_the_permission_roles_are_seen_but_not_changed(visit_as):
    account = given_account()
    reader = given_user(account, "Bob Ray", roles=[given_role(account)])
    visitor = visit_as(reader)
    assert "New role" not in visitor.get(reverse("portal:roles")).content.decode()
    assert visitor.post(reverse("portal:new_role"), {"name": "Mine"}).status_code == 403
    assert not Role.objects.filter(name="Mine").exists()


def test_the_list_asks_as_often_for_three_roles_as_for_one(visit_as, django_assert_num_queries):
    account = given_account()
    visitor = visit_as(administrator_of(account))
    with CaptureQueriesContext(connection) as few:
        visitor.get(reverse("portal:roles"))
    for name in ("One", "Two", "Three"):
        given_role(account, name)
    with django_assert_num_queries(len(few)):
        visitor.get(reverse("portal:roles"))
