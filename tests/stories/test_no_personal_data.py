"""The record that is never changed holds nobody's name, address or number (decision 2)."""

from datetime import timedelta

import pytest
from django.db import connection

from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import (
    NewUser,
    activate_users,
    add_device,
    add_user,
    assign_licence,
    change_roles,
    change_total,
    change_user,
    deactivate_users,
    delete_users,
)
from seatledger.domain.people.actions import choose_main_contact
from support import AT, STAFF, administrator_of, given_account, given_device_type, given_pool, given_role

pytestmark = pytest.mark.django_db

PLANTED = {
    "first_name": "Xanthippe",
    "last_name": "Quillfeather",
    "email": "xanthippe.quillfeather@planted.example",
    "phone": "+44 20 7946 0999",
}


def everything_recorded():
    """Return the whole record as the text PostgreSQL makes of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e::text FROM events_event e UNION ALL SELECT l::text FROM licences_ledgerentry l"
        )
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_users_whole_life_leaves_no_personal_value_in_the_record():
    account = given_account()
    pool, walls = given_pool(account), given_pool(account, given_device_type())
    day = timedelta(days=1)
    user = add_user(account=account, new=NewUser(**PLANTED), at=AT + day, by=STAFF)
    by = Actor.user(user.pk)
    assign_licence(pool=pool, user=user, at=AT + 2 * day, by=by)
    add_device(pool=walls, name="Lobby", user=user, at=AT + 3 * day, by=by)
    role = given_role(account)
    change_roles(user=user, role_ids=[role.pk], at=AT + 4 * day, by=by)
    change_user(
        user=user, details=PLANTED | {"phone": "+44 20 7946 0998"}, role_ids=[], at=AT + 5 * day, by=by
    )
    previous = choose_main_contact(user=user, at=AT + 6 * day, by=by).user
    assert previous == user
    change_total(pool=pool, total=20, reason="Ordered by telephone", at=AT + 7 * day, by=STAFF)
    choose_main_contact(user=administrator_of(account), at=AT + 8 * day, by=STAFF)
    deactivate_users(account=account, user_ids=[user.pk], at=AT + 9 * day, by=STAFF)
    activate_users(account=account, user_ids=[user.pk], at=AT + 10 * day, by=STAFF)
    delete_users(account=account, user_ids=[user.pk], at=AT + 11 * day, by=STAFF)
    record = everything_recorded().lower()
    assert str(user.pk) in record
    found = [value for value in [*PLANTED.values(), "7946 0998"] if value.lower() in record]
    assert found == []
