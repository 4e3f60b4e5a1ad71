"""The vendor's staff: roles, links, and signing in with a password and a code, limited and used once."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import (
    NewMember,
    add_staff,
    change_staff_role,
    end_staff,
    invite_staff,
    make_recovery_codes,
    set_up_sign_in,
    try_code,
    try_password,
)
from seatledger.domain.staff.codes import STEP_S, address_for_app, code_at, find_step, new_secret
from seatledger.domain.staff.links import LASTS, find_by_token, token_of
from seatledger.domain.staff.models import StaffAct, StaffActKind, StaffMember, StaffSession
from seatledger.domain.staff.permissions import ALLOWED, StaffPermission, StaffRole
from seatledger.domain.staff.queries import (
    get_staff_by_id_for_operator,
    get_staff_for_operator,
    list_staff_for_operator,
    secret_of,
)
from seatledger.domain.staff.refusals import (
    LastStaffAdministrator,
    StaffEmailTaken,
    TooManyTries,
    UnfitPassword,
    WrongCode,
)
from seatledger.domain.staff.sessions import StaffSessionStore, begin, find_signed_in
from seatledger.shared.errors import NotFound
from staffing import PASSWORD, given_member
from support import AT, LATER, bound_to, count_of, given_account, refreshed, run_together

pytestmark = pytest.mark.django_db

OPERATOR = Actor.system()
WRONG = "wrong-horse-battery"
A_MINUTE = timedelta(minutes=1)


# Codes


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(seconds, code):
    """Source: RFC 6238, appendix B; the last six of its eight digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_counts_a_step_before_and_after_and_never_again():
    secret, now = new_secret(), int(AT.timestamp()) // STEP_S
    codes = {shift: code_at(secret, AT + timedelta(seconds=shift * STEP_S)) for shift in (-2, -1, 0, 1, 2)}
    found = {shift: find_step(secret, code, at=AT, after=0) for shift, code in codes.items()}
    assert found == {-2: None, -1: now - 1, 0: now, 1: now + 1, 2: None}
    assert find_step(secret, codes[0], at=AT, after=now) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34", "\x00"])
def test_what_is_no_code_is_no_code(typed):
    assert find_step(new_secret(), typed, at=AT, after=0) is None


def test_the_picture_says_who_and_where():
    assert address_for_app("ABC", name="ada@vendor.example") == (
        "otpauth://totp/Seatledger%20Console%3Aada%40vendor.example"
        "?secret=ABC&issuer=Seatledger%20Console&digits=6&period=30"
    )


# Who is of the staff


def test_a_new_member_cannot_sign_in_before_setting_up():
    member = add_staff(
        new=NewMember("Ada@Vendor.example", "Ada Quist", StaffRole.SUPPORT), at=AT, by=OPERATOR
    )
    assert (member.email, member.may_sign_in) == ("ada@vendor.example", False)
    assert try_password(email=member.email, password="", at=AT, by=OPERATOR) is None
    assert get_staff_for_operator(" ADA@vendor.example ") == member


def test_an_address_belongs_to_one_member():
    given_member("Ada Quist")
    with pytest.raises(StaffEmailTaken):
        add_staff(new=NewMember("ADA.quist@vendor.example", "Ada", StaffRole.BILLING), at=AT, by=OPERATOR)


def test_support_reads_billing_acts_and_an_administrator_looks_after_staff():
    acts = {permission for permission in StaffPermission if permission.value.endswith((".change", ".manage"))}
    assert ALLOWED[StaffRole.SUPPORT] & acts == set()
    assert acts - ALLOWED[StaffRole.BILLING] == {StaffPermission.STAFF_MANAGE}
    assert set(StaffPermission) == ALLOWED[StaffRole.ADMINISTRATOR]


def test_the_console_keeps_an_administrator():
    ada = given_member("Ada Quist")
    with pytest.raises(LastStaffAdministrator):
        end_staff(member=ada, at=LATER, by=OPERATOR)
    with pytest.raises(LastStaffAdministrator):
        change_staff_role(member=ada, role=StaffRole.SUPPORT, at=LATER, by=OPERATOR)
    given_member("Bram Olsen")
    assert change_staff_role(member=ada, role=StaffRole.SUPPORT, at=LATER, by=OPERATOR).role == "support"
    assert end_staff(member=ada, at=LATER, by=OPERATOR).ended_at == LATER
    assert [member.name for member in list_staff_for_operator()] == ["Bram Olsen", "Ada Quist"]
    with pytest.raises(NotFound):
        get_staff_by_id_for_operator(ada.pk)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one():
    ada, bram = given_member("Ada Quist"), given_member("Bram Olsen")
    outcomes = run_together(
        lambda: end_staff(member=ada, at=LATER, by=Actor.admin_team(bram.pk)),
        lambda: end_staff(member=bram, at=LATER, by=Actor.admin_team(ada.pk)),
    )
    assert count_of(StaffMember, outcomes) == 1
    assert count_of(LastStaffAdministrator, outcomes) == 1


# The link


def test_a_link_works_once_and_for_three_days():
    member = add_staff(new=NewMember("ada@vendor.example", "Ada", StaffRole.SUPPORT), at=AT, by=OPERATOR)
    token = token_of(member)
    assert find_by_token(token, at=AT + LASTS) == member
    assert find_by_token(token, at=AT + LASTS + A_MINUTE) is None
    assert find_by_token(token + "x", at=AT) is None
    code = code_at(secret_of(member), AT)
    set_up_sign_in(member=member, password=PASSWORD, code=code, at=AT, by=OPERATOR)
    assert find_by_token(token, at=AT) is None


def test_only_the_newest_link_works_and_what_was_set_up_before_does_not():
    ada = given_member("Ada Quist")
    first = token_of(invite_staff(member=ada, at=LATER, by=OPERATOR))
    second = token_of(invite_staff(member=ada, at=LATER, by=OPERATOR))
    assert find_by_token(first, at=LATER) is None
    assert find_by_token(second, at=LATER) == ada
    assert try_password(email=ada.email, password=PASSWORD, at=LATER, by=OPERATOR) is None


@pytest.mark.parametrize("password", ["short", "password1234", "ada.quist@vendor.example"])
def test_a_weak_password_is_refused(password):
    member = invite_staff(member=given_member("Ada Quist"), at=LATER, by=OPERATOR)
    code = code_at(secret_of(member), LATER)
    with pytest.raises(UnfitPassword):
        set_up_sign_in(member=member, password=password, code=code, at=LATER, by=OPERATOR)


def test_setting_up_asks_for_a_code_of_the_app():
    member = invite_staff(member=given_member("Ada Quist"), at=LATER, by=OPERATOR)
    with pytest.raises(WrongCode):
        set_up_sign_in(member=member, password=PASSWORD, code="000000", at=LATER, by=OPERATOR)


# Signing in


def test_the_right_password_and_a_code_that_was_not_used():
    ada = given_member("Ada Quist")
    assert try_password(email="ADA.quist@vendor.example", password=PASSWORD, at=LATER, by=OPERATOR) == ada
    code = code_at(secret_of(ada), LATER)
    assert try_code(member=ada, code=code, at=LATER, by=OPERATOR)
    assert not try_code(member=ada, code=code, at=LATER, by=OPERATOR)


@pytest.mark.django_db(transaction=True)
def test_a_code_counts_once_though_it_is_sent_twice_at_once():
    ada = given_member("Ada Quist")
    code = code_at(secret_of(ada), LATER)
    outcomes = run_together(*[lambda: try_code(member=ada, code=code, at=LATER, by=OPERATOR)] * 4)
    assert sorted(map(bool, outcomes)) == [False, False, False, True]


def test_a_recovery_code_counts_once():
    ada = given_member("Ada Quist")
    codes = make_recovery_codes(member=ada, at=LATER, by=OPERATOR)
    assert len(set(codes)) == 10
    assert try_code(member=ada, code=codes[3].upper().replace("-", " "), at=LATER, by=OPERATOR)
    assert not try_code(member=ada, code=codes[3], at=LATER, by=OPERATOR)
    assert len(refreshed(ada).recovery_hashes) == 9
    assert codes[3] not in refreshed(ada).recovery_hashes


def test_five_wrong_tries_lock_for_five_minutes_whichever_step_they_are_of():
    ada = given_member("Ada Quist")
    for _ in range(3):
        assert try_password(email=ada.email, password=WRONG, at=LATER, by=OPERATOR) is None
    for _ in range(2):
        assert not try_code(member=ada, code="000000", at=LATER, by=OPERATOR)
    with pytest.raises(TooManyTries):
        try_password(email=ada.email, password=PASSWORD, at=LATER, by=OPERATOR)
    with pytest.raises(TooManyTries):
        try_code(member=ada, code=code_at(secret_of(ada), LATER), at=LATER, by=OPERATOR)
    after = LATER + timedelta(minutes=5)
    assert try_password(email=ada.email, password=PASSWORD, at=after, by=OPERATOR) == ada
    assert StaffAct.objects.filter(member=ada, kind=StaffActKind.LOCKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_one_by_one():
    ada = given_member("Ada Quist")
    outcomes = run_together(
        *[lambda: try_password(email=ada.email, password=WRONG, at=LATER, by=OPERATOR)] * 8
    )
    assert count_of(TooManyTries, outcomes) == 3
    assert refreshed(ada).wrong_tries == 5


def test_a_session_ends_with_access_and_with_what_it_began_with():
    ada, session = given_member("Ada Quist"), StaffSessionStore()
    given_member("Bram Olsen")
    begin(session, ada)
    assert find_signed_in(session) == ada
    invite_staff(member=ada, at=LATER, by=OPERATOR)
    assert find_signed_in(session) is None
    begin(session, refreshed(ada))
    assert find_signed_in(session) is None, "nobody signs in before setting up"


# The wall


@pytest.mark.parametrize("model", [StaffMember, StaffSession, StaffAct])
def test_the_webs_role_has_no_business_with_staff(model):
    given_member("Ada Quist")
    with pytest.raises(ProgrammingError, match="permission denied"), bound_to(given_account()):
        list(model.objects.all())


def test_what_happened_to_staff_stays_written():
    given_member("Ada Quist")
    assert list(StaffAct.objects.order_by("id").values_list("kind", flat=True)) == ["added", "set_up"]


def test_a_role_that_nobody_knows_is_refused_by_the_database():
    ada = given_member("Ada Quist")
    with pytest.raises(IntegrityError, match="staff_role_is_known"), transaction.atomic():
        StaffMember.objects.filter(pk=ada.pk).update(role="owner")
