"""How little the database lets the sign-in pages see and do."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from signing_in import given_person, sign_in

from seatledger.shared.boundary import SIGN_IN, bind_account, unbind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]


def at_the_door(statement: str, *values: object) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            bind_account(None, door=SIGN_IN)
            cursor.execute(statement, values)
    finally:
        unbind()


def test_the_door_lets_a_password_be_changed_and_nothing_else():
    ben = given_person()
    at_the_door("UPDATE people_user SET password = 'x', last_login = now() WHERE id = %s", ben.pk)
    for statement in (
        "UPDATE people_user SET email = 'me@evil.example' WHERE id = %s",
        "UPDATE people_user SET is_active = false WHERE id = %s",
        "UPDATE people_user SET first_name = 'X', password = 'x' WHERE id = %s",
    ):
        with pytest.raises(ProgrammingError, match="password and last_login only"):
            at_the_door(statement, ben.pk)


def test_the_door_lets_no_second_step_be_added_or_removed():
    ben = given_person()
    add = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now())"
    with pytest.raises(ProgrammingError, match="row-level security"):
        at_the_door(add, ben.pk)
    Authenticator.objects.create(user=ben, type=Authenticator.Type.TOTP, data={})
    at_the_door("DELETE FROM mfa_authenticator")
    assert Authenticator.objects.count() == 1


def test_the_door_is_shut_on_every_other_page(anyone):
    given_person()
    seen = []

    def look(execute, sql, params, many, context):
        if "people_user" in sql:
            with context["connection"].cursor() as cursor:
                cursor.execute("SELECT bound_door()")
                seen.append(cursor.fetchone())
        return execute(sql, params, many, context)

    ben = given_person("Ada Hill", "Contoso")
    sign_in(anyone, ben.email)
    with connection.execute_wrapper(look):
        for page in ("portal:profile", "mfa_index", "account_reset_password"):
            anyone.get(reverse(page))
    assert set(seen) == {("",)}
