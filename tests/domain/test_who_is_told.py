"""Who is told what: the main contact first, others by choice, the vendor's changes, documents with their files."""

from datetime import timedelta

import pytest

from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind, Event
from seatledger.domain.licences.actions import (
    assign_licence,
    change_expiry,
    change_roles,
    change_total,
    release_licences,
)
from seatledger.domain.licences.models import Assignment
from seatledger.domain.notifications.actions import (
    TopicNotAllowed,
    UnknownTopic,
    choose_messages,
    note_crossing,
    write_messages,
)
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.models import Message, PoolMark, Topic
from seatledger.domain.notifications.queries import find_crossings_for_operator
from seatledger.domain.notifications.telling.readers import readers_of
from seatledger.domain.people.actions import choose_main_contact, note_sign_in
from seatledger.domain.people.models import MainContact
from seatledger.domain.people.permissions import Permission
from support import (
    AT,
    LATER,
    NEXT_DAY,
    STAFF,
    SYSTEM,
    administrator_of,
    administrator_role,
    given_account,
    given_administrator,
    given_pool,
    given_role,
    given_user,
    given_users,
    run_together,
)


def told_of(account, kind: str) -> list[str]:
    """Write what the account's events of a kind give reason to tell; returns each new message, in words."""
    before = set(Message.objects.values_list("pk", flat=True))
    for event in Event.objects.filter(account=account, kind=kind).order_by("sequence"):
        write_messages(event_id=event.pk, at=event.at)
    new = Message.objects.filter(account=account).exclude(pk__in=before)
    return sorted(f"{message.kind} to {message.recipient}" for message in new)


@pytest.mark.django_db
def test_the_main_contact_is_told_first_and_others_what_they_chose():  # A23
    account, neighbour = given_account("Northwind"), given_account("Contoso")
    ann = administrator_of(account)
    billing = given_role(account, "Accounts", permissions=[Permission.BILLING_VIEW])
    ben = given_user(account, "Ben Okoro", roles=[billing])
    given_administrator(account, "Cleo Marsh")
    choose_messages(user=ben, topics=["billing"], language="", at=AT, by=STAFF)
    choose_messages(user=administrator_of(neighbour), topics=list(Topic), language="", at=AT, by=STAFF)
    assert readers_of(account.pk, Topic.BILLING) == [ann, ben]
    assert readers_of(account.pk, Topic.RENEWALS) == [ann]
    assert readers_of(account.pk, Topic.ACCOUNT) == [ann]
    choose_main_contact(user=ben, at=LATER, by=STAFF)
    assert readers_of(account.pk, Topic.RENEWALS) == [ben]
    assert readers_of(account.pk, Topic.BILLING) == [ben]


@pytest.mark.django_db
def test_nobody_is_told_what_he_may_not_see_any_more():
    account = given_account("Northwind")
    billing = given_role(account, "Accounts", permissions=[Permission.BILLING_VIEW])
    ben = given_user(account, "Ben Okoro", roles=[billing])
    choose_messages(user=ben, topics=["billing"], language="", at=AT, by=STAFF)
    with pytest.raises(TopicNotAllowed):
        choose_messages(user=ben, topics=["billing", "account"], language="", at=AT, by=STAFF)
    with pytest.raises(UnknownTopic):
        choose_messages(user=ben, topics=["gossip"], language="", at=AT, by=STAFF)
    with pytest.raises(UnknownTopic):
        choose_messages(user=ben, topics=[], language="xx", at=AT, by=STAFF)
    change_roles(user=ben, role_ids=[], at=LATER, by=STAFF)
    assert ben not in readers_of(account.pk, Topic.BILLING)


@pytest.mark.django_db
def test_administrators_are_told_where_the_main_contact_is_not_active():  # A23
    account = given_account("Northwind")
    ann, cleo = administrator_of(account), given_administrator(account, "Cleo Marsh")
    MainContact.objects.filter(account=account).update(user=given_user(account, "Ada Gone", active=False))
    assert readers_of(account.pk, Topic.BILLING) == [ann, cleo]


@pytest.mark.django_db
def test_what_the_vendor_changes_at_once_is_one_message():
    account = given_account("Northwind")
    pool = given_pool(account)
    change_total(pool=pool, total=12, reason="As agreed", at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=NEXT_DAY.date(), reason="As agreed", at=LATER, by=STAFF)
    change_total(pool=pool, total=15, reason="", at=NEXT_DAY, by=STAFF)
    assert told_of(account, "pool_changed") == ["licences_changed to ann.lee@northwind.example"] * 2
    assert told_of(account, "pool_changed") == []


@pytest.mark.django_db
def test_of_what_was_changed_twice_at_once_the_last_is_told():
    account = given_account("Northwind")
    pool = given_pool(account)
    change_expiry(pool=pool, expires_on=None, reason="A change was withdrawn", at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=NEXT_DAY.date(), reason="It ends", at=LATER, by=STAFF)
    assert told_of(account, "pool_changed") == ["licences_changed to ann.lee@northwind.example"]
    text = build_letter(Message.objects.select_related("account__provider", "user").get()).text
    assert text.count("Professional User:") == 1
    assert "no longer expires" not in text
    assert ("> It ends" in text, "withdrawn" in text) == (True, False)


@pytest.mark.django_db
def test_what_a_provider_changes_is_told_and_what_an_account_does_itself_is_not():
    account = given_account("Northwind")
    pool = given_pool(account)
    change_total(pool=pool, total=12, reason="", at=LATER, by=Actor.user(administrator_of(account).pk))
    assert told_of(account, "pool_changed") == []
    provider = Actor(ActorKind.PROVIDER, None, "Harbour Partners")
    change_total(pool=pool, total=13, reason="", at=NEXT_DAY, by=provider)
    assert told_of(account, "pool_changed") == ["licences_changed to ann.lee@northwind.example"]


@pytest.mark.django_db
def test_what_happened_long_ago_is_no_news():
    account = given_account("Northwind")
    change_total(pool=given_pool(account), total=12, reason="", at=LATER, by=STAFF)
    [event] = Event.objects.filter(account=account, kind="pool_changed", at=LATER)
    assert write_messages(event_id=event.pk, at=LATER + timedelta(days=8)) == []
    assert len(write_messages(event_id=event.pk, at=LATER + timedelta(days=6))) == 1


@pytest.mark.django_db
def test_an_event_that_was_erased_before_its_job_came_tells_nobody():
    newest = Event.objects.order_by("-pk").first()
    assert write_messages(event_id=(newest.pk if newest else 0) + 1, at=AT) == []


@pytest.mark.django_db
def test_a_new_administrator_is_told_and_so_is_the_main_contact():
    account = given_account("Northwind")
    assert told_of(account, "administrator_given") == []
    ben = given_user(account, "Ben Okoro")
    change_roles(user=ben, role_ids=[administrator_role(account).pk], at=LATER, by=STAFF)
    assert told_of(account, "administrator_given") == [
        "administrator_given to ann.lee@northwind.example",
        "administrator_given to ben.okoro@northwind.example",
    ]
    choose_main_contact(user=ben, at=NEXT_DAY, by=Actor.user(ben.pk))
    assert told_of(account, "main_contact_chosen") == []
    choose_main_contact(user=administrator_of(account), at=NEXT_DAY, by=Actor.user(ben.pk))
    assert told_of(account, "main_contact_chosen") == ["main_contact_chosen to ann.lee@northwind.example"]


@pytest.mark.django_db
def test_a_sign_in_from_a_device_that_is_not_the_first_is_told_once():
    account = given_account("Northwind")
    ann = administrator_of(account)
    for key in ("first", "first", "second", "second"):
        note_sign_in(user=ann, key=key, label="Firefox on Linux", at=LATER, by=Actor.user(ann.pk))
    assert told_of(account, "signed_in_from_new_device") == ["new_device to ann.lee@northwind.example"]
    note_sign_in(user=ann, key="first", label="", at=LATER + timedelta(days=500), by=Actor.user(ann.pk))
    assert told_of(account, "signed_in_from_new_device") == []


def crossings(account, at=LATER) -> list[str]:
    """Note what has become of the account's pools; returns what is told."""
    found = [
        message
        for crossing in find_crossings_for_operator(at=at, limit=100)
        if crossing.account_id == account.pk
        for message in note_crossing(crossing=crossing, at=at, by=SYSTEM)
    ]
    return [f"{message.about['level']} to {message.recipient}" for message in found]


@pytest.mark.django_db
def test_licences_that_run_out_are_told_once_for_each_crossing():
    account = given_account("Northwind")
    pool = given_pool(account, total_licences=5)
    users = given_users(account, 5)
    for user in users[:3]:
        assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    assert crossings(account) == []
    assign_licence(pool=pool, user=users[3], at=LATER, by=STAFF)
    assert crossings(account) == ["80 to ann.lee@northwind.example"]
    assert crossings(account) == []
    assign_licence(pool=pool, user=users[4], at=LATER, by=STAFF)
    assert crossings(account) == ["100 to ann.lee@northwind.example"]
    freed = Assignment.objects.get(pool=pool, user=users[4])
    release_licences(account=account, assignment_ids=[freed.pk], at=NEXT_DAY, by=STAFF)
    assert crossings(account) == []
    assign_licence(pool=pool, user=users[4], at=NEXT_DAY, by=STAFF)
    assert crossings(account) == ["100 to ann.lee@northwind.example"]
    change_total(pool=pool, total=50, reason="", at=NEXT_DAY, by=STAFF)
    assert crossings(account) == []
    assert PoolMark.objects.get(pool=pool).level == 0


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_tell_of_one_crossing_once():
    account = given_account("Northwind")
    pool = given_pool(account, total_licences=1)
    assign_licence(pool=pool, user=administrator_of(account), at=LATER, by=STAFF)
    [crossing] = [one for one in find_crossings_for_operator(at=LATER, limit=9) if one.pool_id == pool.pk]
    outcomes = run_together(*[lambda: note_crossing(crossing=crossing, at=LATER, by=SYSTEM)] * 6)
    assert sum(len(messages) for messages in outcomes) == 1  # type: ignore[arg-type,misc] # lists of messages
    assert Message.objects.filter(kind="licences_running_out").count() == 1
