"""Sign-ups: what is kept of who asks, how the account is opened, and what is forgotten."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail, signing
from django.db import connection
from django.test import override_settings

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.serials import is_serial_number
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.notifications.actions import tidy_signups
from seatledger.domain.notifications.models import KeptLetter, Message
from seatledger.domain.people.actions import EmailTaken
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import find_main_contact
from seatledger.domain.signups.actions import (
    FORGOTTEN_AFTER,
    ask_for_letter_again,
    open_signed_up_account,
)
from seatledger.domain.signups.links import place_of, proof_of, read_place, read_proof
from seatledger.domain.signups.models import Signup
from seatledger.domain.signups.offers import list_offers
from seatledger.domain.signups.refusals import (
    NotOnOffer,
    NotTheirPassword,
    SignupClosed,
    SignupOver,
    WeakPassword,
)
from seatledger.domain.subscriptions.models import Subscription
from seatledger.faces.jobs.tasks import deliver_signup, send_message
from seatledger.shared.text import UnfitEmail, UnfitText
from selling import business, free
from signing_up import PASSWORD, given_offer, given_signup
from support import (
    AT,
    LATER,
    NEXT_DAY,
    SYSTEM,
    bound_to,
    count_of,
    given_account,
    given_user,
    run_together,
)

pytestmark = pytest.mark.django_db


def confirm(signup, password=PASSWORD, at=LATER):
    return open_signed_up_account(signup_id=signup.pk, password=password, at=at, by=SYSTEM)


def letter_to(signup):
    """Return the one e-mail that the jobs write to who signs up."""
    mail.outbox.clear()
    deliver_signup(signup_id=str(signup.pk), request_id=str(uuid4()))
    for message in Message.objects.filter(sent_at=None, given_up_at=None):
        send_message(message_id=str(message.pk))
    [letter] = mail.outbox
    return letter


def test_the_account_is_opened_on_trial_with_who_asked_as_its_administrator():  # A8 A10
    signup = given_signup()
    account, user = confirm(signup)
    assert (
        account.pk,
        account.name,
        account.region,
        account.currency,
        account.time_zone,
        account.locale,
    ) == (
        signup.pk,
        "Fabrikam GmbH",
        "eu",
        "GBP",
        "Europe/Berlin",
        "de-DE",
    )
    assert is_serial_number(account.serial_number)
    assert get_account_type(account, LATER) == "trial"
    assert (user.full_name, user.is_active, check_password(PASSWORD, user.password)) == (
        "Eve Moss",
        True,
        True,
    )
    assert [grant.role.built_in for grant in user.grants.all()] == ["administrator"]
    assert find_main_contact(account) == user
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    assert (pool.total_licences, pool.terms, pool.expires_on) == (5, Terms.TRIAL, date(2026, 3, 31))
    assert Subscription.objects.get(account=account).free_until == date(2026, 4, 1)
    assert Event.objects.filter(account=account, kind="signed_up").get().payload["plan"] == "team"
    assert not Signup.objects.exists()


def test_the_password_is_hashed_from_the_first_instant_and_nowhere_else():
    signup = given_signup()
    deliver_signup(signup_id=str(signup.pk), request_id=str(uuid4()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(one)::text FROM signups_signup one")
        kept = [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
        queued = cursor.fetchone()[0]
    assert PASSWORD not in "".join(kept)
    assert PASSWORD not in queued
    assert signup.email not in queued
    assert check_password(PASSWORD, signup.password)


def test_a_link_opens_one_account_and_is_over():
    signup = given_signup()
    confirm(signup)
    with pytest.raises(SignupOver):
        confirm(signup)
    with pytest.raises(SignupOver):
        ask_for_letter_again(signup_id=signup.pk, at=LATER, by=SYSTEM)
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_clicked_twice_at_once_opens_one_account():
    signup = given_signup()
    outcomes = run_together(*[lambda: confirm(signup)] * 4)
    assert (count_of(tuple, outcomes), count_of(SignupOver, outcomes)) == (1, 3)
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_click_at_once_have_an_account_each():
    """The same race with two links opens two accounts: so the one above would see a second."""
    signups = [given_signup(), given_signup(email="ann.lee@contoso.example", organisation="Contoso")]
    outcomes = run_together(*[lambda one=one: confirm(one) for one in signups])
    assert count_of(tuple, outcomes) == 2
    assert Account.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_with_one_address_one_has_the_account():
    signups = [given_signup(), given_signup(organisation="Fabrikam again")]
    outcomes = run_together(*[lambda one=one: confirm(one) for one in signups])
    assert (count_of(tuple, outcomes), count_of(EmailTaken, outcomes)) == (1, 1)
    assert Account.objects.count() == User.objects.count() == 1


def test_who_does_not_know_the_password_opens_nothing():
    signup = given_signup()
    with pytest.raises(NotTheirPassword):
        confirm(signup, "staple-orbit-lantern")
    assert (Account.objects.count(), Signup.objects.count()) == (0, 1)


def test_the_letter_carries_the_link_in_the_language_that_was_chosen():
    letter = letter_to(given_signup())
    assert (letter.subject, letter.to) == ("Ihr Konto eröffnen: Fabrikam GmbH", ["eve.moss@fabrikam.example"])
    assert "Bestätigen und Konto eröffnen" in letter.body
    assert letter_to(given_signup(locale="en-GB")).subject == "Open your account: Fabrikam GmbH"


def test_who_is_a_user_already_is_told_so_and_no_link_is_made():
    account = given_account("Fabrikam")
    given_user(account, "Eve Moss")
    letter = letter_to(given_signup(locale="en-GB"))
    assert (letter.subject, letter.to) == ("You already have an account", ["eve.moss@fabrikam.example"])
    assert ("Hello Eve Moss" in letter.body, "/accounts/signup/" in letter.body) == (True, False)
    assert Message.objects.get().account == account


def test_who_was_deactivated_is_told_too():
    given_user(given_account("Fabrikam"), "Eve Moss", active=False)
    assert letter_to(given_signup()).subject == "You already have an account"


def test_the_letter_of_a_sign_up_that_is_over_is_not_sent():
    signup = given_signup()
    deliver_signup(signup_id=str(signup.pk), request_id=str(uuid4()))
    confirm(signup)
    mail.outbox.clear()
    send_message(message_id=str(Message.objects.get(kind="signup").pk))
    assert mail.outbox == []
    deliver_signup(signup_id=str(signup.pk), request_id=str(uuid4()))
    assert Message.objects.filter(kind="signup").count() == 1


def test_a_link_is_good_for_a_day_and_the_pages_own_address_proves_nothing(time_machine_day):
    signup_id = uuid4()
    proof, place = proof_of(signup_id), place_of(signup_id)
    assert (read_proof(proof), read_place(place)) == (signup_id, signup_id)
    assert (read_proof(place), read_place(proof), read_proof(proof[:-1])) == (None, None, None)
    time_machine_day()
    assert (read_proof(proof), read_place(place)) == (None, None)


@pytest.fixture
def time_machine_day(monkeypatch):
    """Return a way to let a day and a second go by, for whatever is signed with a time."""

    def let_a_day_pass():
        moved = signing.time.time() + timedelta(days=1, seconds=1).total_seconds()
        monkeypatch.setattr(signing.time, "time", lambda: moved)

    return let_a_day_pass


def test_who_never_follows_the_link_is_forgotten_with_the_letters():
    signup = given_signup()
    letter_to(signup)
    message = Message.objects.get()
    Message.objects.update(queued_at=AT)
    KeptLetter.objects.create(message=message, subject="", text="", html="")
    almost = AT + FORGOTTEN_AFTER
    assert tidy_signups(at=almost, by=SYSTEM) == 0
    assert (Signup.objects.count(), Message.objects.count()) == (1, 1)
    assert tidy_signups(at=almost + timedelta(seconds=1), by=SYSTEM) == 1
    assert (Signup.objects.count(), Message.objects.count(), KeptLetter.objects.count()) == (0, 0, 0)


def test_asking_for_the_letter_again_is_remembered_longer():
    signup = given_signup()
    ask_for_letter_again(signup_id=signup.pk, at=NEXT_DAY, by=SYSTEM)
    assert tidy_signups(at=AT + FORGOTTEN_AFTER + timedelta(hours=1), by=SYSTEM) == 0
    assert Signup.objects.count() == 1


def test_the_letter_of_an_account_that_was_opened_becomes_the_accounts():
    signup = given_signup()
    letter_to(signup)
    account, _ = confirm(signup)
    tidy_signups(at=AT + timedelta(days=30), by=SYSTEM)
    assert Message.objects.get(kind="signup").account == account


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"password": "short"}, WeakPassword),
        ({"password": "evemossfabrikam", "first_name": "evemossfabrikam"}, WeakPassword),
        ({"password": "password1234"}, WeakPassword),
        ({"plan": "gold"}, NotOnOffer),
        ({"currency": "JPY"}, NotOnOffer),
        ({"organisation": " "}, UnfitText),
        ({"email": "eve"}, UnfitEmail),
    ],
)
def test_what_cannot_be_opened_is_refused_before_a_letter_is_sent(said, refusal):
    with pytest.raises(refusal):
        given_signup(**said)
    assert not Signup.objects.exists()


def test_a_sign_up_that_is_switched_off_takes_nobody_and_opens_nothing():
    signup = given_signup()
    with override_settings(SEATLEDGER_SIGNUP=False):
        assert list_offers(AT.date()) == []
        with pytest.raises(SignupClosed, match=r"licences@vendor\.example"):
            confirm(signup)


def test_on_offer_is_what_has_a_trial_and_a_price_or_what_the_settings_name():
    given_offer()
    business()
    free()
    assert [offer.key for offer in list_offers(AT.date())] == ["business", "team"]
    with override_settings(SEATLEDGER_SIGNUP_PLANS=("team", "unknown")):
        assert [(offer.key, offer.days, offer.licences) for offer in list_offers(AT.date())] == [
            ("team", 30, ["5 Professional User"])
        ]
    assert list_offers(date(2020, 1, 1)) == []


def test_a_request_sees_the_sign_up_that_it_is_bound_to_and_opens_no_other_account():
    mine, other = given_signup(), given_signup(email="ann.lee@contoso.example")
    LicenceType.objects.get(key="active-user")
    with bound_to(Account(pk=mine.pk)):
        assert list(Signup.objects.all()) == [mine]
        with pytest.raises(SignupOver):
            confirm(other)
        account, _ = confirm(mine)
    assert account.pk == mine.pk
