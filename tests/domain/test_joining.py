"""Whoever has an address in a proved domain of an account joins it, as the account prefers."""

from datetime import timedelta

import pytest

from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import Assignment, LedgerEntry, Pool
from seatledger.domain.people.actions import EmailTaken
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.actions import (
    Joiner,
    NewUserRules,
    ask_for_domain,
    cancel_subscription,
    change_preferences,
    join_account,
    remove_domain,
    verify_domain,
)
from seatledger.domain.subscriptions.domains import code_of
from seatledger.domain.subscriptions.models import EmailDomain, Mailbox, OnJoining, OnNoneLeft, TakesEffect
from seatledger.domain.subscriptions.queries import find_account_to_join, get_subscription, list_domains
from seatledger.domain.subscriptions.refusals import (
    CannotJoin,
    CodeJustSent,
    DomainTaken,
    PublicMailDomain,
    TooManyDomains,
    UnfitDomain,
    WrongCode,
)
from seatledger.shared.boundary import JOINING
from seatledger.shared.errors import NotFound
from selling import given_plan, given_subscription
from support import AT, LATER, STAFF, SYSTEM, bound_to, given_account, given_licence_type

pytestmark = pytest.mark.django_db


def given_domain(account, domain="northwind.example", *, at=AT):
    """Let an account ask for a domain and prove it."""
    asked = ask_for_domain(account=account, domain=domain, at=at, by=STAFF)
    return verify_domain(domain=asked, code=code_of(asked), at=at, by=STAFF)


def assistant():
    """A plan of subscriptions by number, with free ones for everybody else."""
    paid = given_licence_type("enterprise", exclusive_group="assistant", metric_order=1)
    free = given_licence_type("free-user", exclusive_group="assistant", charge_model="active", metric_order=2)
    prices = [(paid, 1, {"month": "25.00", "year": "200.00"}), (free, None, {"month": "0.00"})]
    return given_plan("assistant", prices)


def given_joinable(on_joining, on_none_left=OnNoneLeft.REFUSE, *, most=None, number=1):
    account = given_account()
    given_subscription(account, version=assistant(), quantities={"enterprise": number})
    given_domain(account)
    change_preferences(account=account, new=NewUserRules(on_joining, on_none_left, most), at=AT, by=STAFF)
    return account


def join(account, name="Eve Moss", *, at=LATER):
    first_name, _, last_name = name.partition(" ")
    email = f"{first_name}.{last_name}@Northwind.example"
    return join_account(account=account, joiner=Joiner(email, first_name, last_name), at=at, by=SYSTEM)


def licences_of(user):
    rows = Assignment.objects.filter(user=user, released_at__isnull=True, pool__counts_active_users=False)
    return [row.pool.licence_type.key for row in rows.select_related("pool__licence_type")]


def total(account):
    return Pool.objects.get(account=account, licence_type__key="enterprise").total_licences


# Joining


def test_a_new_user_is_left_on_the_free_plan():  # E13, E15
    account = given_joinable(OnJoining.LEAVE)
    user = join(account)
    assert (user.email, user.is_active, user.invited_at) == ("eve.moss@northwind.example", True, None)
    assert licences_of(user) == ["free-user"]


def test_a_new_user_is_given_a_subscription_that_is_available():  # E13
    account = given_joinable(OnJoining.ASSIGN)
    assert licences_of(join(account)) == ["enterprise"]
    assert total(account) == 1


def test_nobody_joins_when_none_is_left_and_the_account_manages_them_itself():  # E14
    account = given_joinable(OnJoining.ASSIGN)
    join(account)
    with pytest.raises(CannotJoin) as refused:
        join(account, "Finn Hale")
    assert str(refused.value) == (
        "Every subscription of Northwind is taken. Ask an administrator there to add one, and try again."
    )
    assert not User.objects.filter(email="finn.hale@northwind.example").exists()
    assert total(account) == 1


def test_the_count_is_increased_when_none_is_left():  # E14
    account = given_joinable(OnJoining.ASSIGN, OnNoneLeft.INCREASE, most=2)
    join(account)
    assert licences_of(join(account, "Finn Hale")) == ["enterprise"]
    assert total(account) == 2
    entry = LedgerEntry.objects.get(account=account, bought_change=1, kind="total_changed")
    assert (entry.before, entry.after, entry.reason) == ("1", "2", "A new user joined and none was left")
    joined = Event.objects.filter(account=account, kind="user_joined").order_by("sequence")
    assert [event.payload["licence_added"] for event in joined] == [False, True]
    with pytest.raises(CannotJoin):
        join(account, "Gail Stone")


def test_nobody_joins_what_has_ended():
    account = given_joinable(OnJoining.ASSIGN, OnNoneLeft.INCREASE)
    cancel_subscription(
        subscription=get_subscription(account), takes_effect=TakesEffect.AT_ONCE, at=LATER, by=STAFF
    )
    with pytest.raises(CannotJoin, match="have ended"):
        join(account, at=LATER + timedelta(hours=1))


def test_a_new_user_joins_an_account_without_a_subscription_with_nothing():
    account = given_account()
    given_domain(account)
    assert licences_of(join(account)) == []


def test_an_address_of_another_domain_does_not_join():
    account = given_joinable(OnJoining.LEAVE)
    for email in ("eve@contoso.example", "eve@sub.northwind.example"):
        with pytest.raises(NotFound):
            join_account(account=account, joiner=Joiner(email, "Eve", "Moss"), at=LATER, by=SYSTEM)


def test_who_is_a_user_already_does_not_join_again():
    account = given_joinable(OnJoining.LEAVE)
    join(account)
    with pytest.raises(EmailTaken):
        join(account)


# Domains


def test_a_domain_is_proved_by_the_code_that_was_mailed_to_it():  # E15
    account = given_account()
    asked = ask_for_domain(account=account, domain="@Bücher.example.", at=AT, by=STAFF)
    assert (asked.domain, asked.mailbox) == ("xn--bcher-kva.example", Mailbox.POSTMASTER)
    assert find_account_to_join("eve@bücher.example") is None
    code = code_of(asked)
    assert len(code) == 11
    verify_domain(domain=asked, code=f" {code.lower()} ", at=LATER, by=STAFF)
    assert find_account_to_join("eve@bücher.example") == account.pk
    assert [domain.verified_at for domain in list_domains(account)] == [LATER]


def test_a_wrong_code_and_an_old_one_prove_nothing():
    account = given_account()
    asked = ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    with pytest.raises(WrongCode):
        verify_domain(domain=asked, code="AAAAA-AAAAA", at=LATER, by=STAFF)
    with pytest.raises(WrongCode):
        verify_domain(domain=asked, code=code_of(asked), at=AT + timedelta(days=4), by=STAFF)


def test_a_new_code_makes_the_one_before_worthless():
    account = given_account()
    old = ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    old_code = code_of(old)
    new = ask_for_domain(
        account=account, domain="northwind.example", mailbox=Mailbox.ADMIN, at=LATER, by=STAFF
    )
    assert code_of(new) != old_code
    with pytest.raises(WrongCode):
        verify_domain(domain=new, code=old_code, at=LATER, by=STAFF)
    assert EmailDomain.objects.count() == 1


def test_codes_are_not_sent_again_and_again():
    account = given_account()
    ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    with pytest.raises(CodeJustSent):
        ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    for number in range(4):
        ask_for_domain(account=account, domain=f"n{number}.example", at=AT, by=STAFF)
    with pytest.raises(TooManyDomains):
        ask_for_domain(account=account, domain="one-more.example", at=AT, by=STAFF)


@pytest.mark.parametrize(
    ("domain", "refusal"),
    [
        ("gmail.com", PublicMailDomain),
        ("GMX.de", PublicMailDomain),
        ("localhost", UnfitDomain),
        ("10.0.0.1", UnfitDomain),
        ("eve@northwind.example", UnfitDomain),
        ("a b.example", UnfitDomain),
        ("", UnfitDomain),
        (f"{'a' * 64}.example", UnfitDomain),
    ],
)
def test_what_is_no_organisations_own_domain(domain, refusal):
    with pytest.raises(refusal):
        ask_for_domain(account=given_account(), domain=domain, at=AT, by=STAFF)


def test_a_domain_belongs_to_one_account():
    first, second = given_account("Northwind"), given_account("Contoso")
    given_domain(first)
    asked = ask_for_domain(account=second, domain="northwind.example", at=AT, by=STAFF)
    with pytest.raises(DomainTaken):
        verify_domain(domain=asked, code=code_of(asked), at=AT, by=STAFF)
    assert find_account_to_join("eve@northwind.example") == first.pk


def test_a_domain_that_is_removed_lets_nobody_join():
    account = given_joinable(OnJoining.LEAVE)
    join(account)
    [domain] = list_domains(account)
    remove_domain(domain=domain, at=LATER, by=STAFF)
    with pytest.raises(NotFound):
        join(account, "Finn Hale")
    assert User.objects.filter(email="eve.moss@northwind.example", is_active=True).exists()


def test_only_the_door_of_those_who_join_finds_a_domain_of_any_account():
    account, other = given_account("Northwind"), given_account("Contoso")
    given_domain(account)
    ask_for_domain(account=account, domain="waiting.example", at=AT, by=STAFF)
    with bound_to(other):
        assert find_account_to_join("eve@northwind.example") is None
        assert list_domains(account) == []
    with bound_to(None, door=JOINING):
        assert find_account_to_join("eve@northwind.example") == account.pk
        assert EmailDomain.objects.filter(domain="waiting.example").count() == 0
        assert User.objects.count() == 0
