"""Text, dates and numbers from outside: fit to be kept, or refused with nothing changed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from seatledger.domain.accounts.actions import change_account_settings
from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator, list_customers
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import (
    NewPool,
    NewUser,
    add_device,
    add_user,
    change_expiry,
    change_terms,
    change_total,
    edit_device,
    open_pools,
)
from seatledger.domain.licences.limits import UnlikelyDate, UnlikelyNumber
from seatledger.domain.licences.models import Device, LedgerEntry, Terms
from seatledger.domain.licences.queries import HistoryFilter, list_devices, list_history
from seatledger.domain.people.actions import create_role, edit_role, edit_user
from seatledger.domain.people.models import Role, User
from seatledger.domain.people.queries import UserFilter, list_users
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import UnfitEmail, UnfitText, clean_email, clean_name, clean_search, clean_text
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    refreshed,
)

TEN_MEGABYTES = "x" * 10_000_000
UNFIT = {
    "NUL": "Ann\0",
    "lone surrogate": "Ann\ud83d",
    "10 MB": TEN_MEGABYTES,
    "right-to-left mark": "Ann\u200f",
    "right-to-left override": "Ann\u202elee",
    "isolate": "Ann\u2066lee",
    "line break": "Ann\nLee",
    "escape": "Ann\x1b[31m",
    "byte order mark": "\ufeffAnn",
    "line separator": "Ann\u2028Lee",
    "not a character": "Ann\uffff",
}
NOTHING_IN_IT = {"empty": "", "spaces": " \u00a0\u3000 ", "joiner": "\u200d"}

each_unfit = pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
each_empty = pytest.mark.parametrize("text", NOTHING_IN_IT.values(), ids=NOTHING_IN_IT)


@each_unfit
def test_what_no_name_is_written_with_is_refused(text: str):
    with pytest.raises(UnfitText):
        clean_name(text, 100)
    with pytest.raises(UnfitText):
        clean_text(text, 100)


@each_empty
def test_a_name_has_at_least_one_character_that_shows(text: str):
    with pytest.raises(UnfitText):
        clean_name(text, 100)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Zoë  ", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("x" * 100, "x" * 100),
        ("e\u0301" * 100, "é" * 100),
        ("می\u200cخوریم", "می\u200cخوریم"),
        ("שלום", "שלום"),
        ("O'Neill-Smith 3rd", "O'Neill-Smith 3rd"),
        ("🧑\u200d🔬 Lab", "🧑\u200d🔬 Lab"),
    ],
)
def test_a_name_is_kept_as_people_write_it(written: str, kept: str):
    assert clean_name(written, 100) == kept


def test_a_name_one_character_too_long_is_refused():
    with pytest.raises(UnfitText, match="too long"):
        clean_name("x" * 101, 100)


def test_an_address_is_kept_in_lower_case():
    assert clean_email(" Ann.Lee@Example.COM ") == "ann.lee@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@b@example.com",
        "a b@example.com",
        "İ@example.com",
    ],
)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(UnfitEmail):
        clean_email(text)


@each_unfit
def test_an_unfit_address_is_refused(text: str):
    with pytest.raises(UnfitText):
        clean_email(f"{text}@example.com")


@each_unfit
def test_what_is_searched_for_is_cut_to_what_can_be_found(text: str):
    assert len(clean_search(text)) <= 200
    assert clean_search("Ann\0 Lee\u202e") == "Ann Lee"


def new_user(**details: str) -> NewUser:
    return NewUser(**{"first_name": "Eve", "last_name": "Moss", "email": "eve@x.example"} | details)


Attempt = Callable[[Account, str], object]
NAMES: dict[str, Attempt] = {
    "first name": lambda account, text: add_user(
        account=account, new=new_user(first_name=text), at=LATER, by=STAFF
    ),
    "last name": lambda account, text: add_user(
        account=account, new=new_user(last_name=text), at=LATER, by=STAFF
    ),
    "e-mail address": lambda account, text: add_user(
        account=account, new=new_user(email=f"{text}@x.example"), at=LATER, by=STAFF
    ),
    "account": lambda account, text: change_account_settings(
        account=account, name=text, time_zone="Europe/London", locale="en-GB", at=LATER, by=STAFF
    ),
    "new account": lambda _, text: given_account(text),
    "role": given_role,
    "renamed role": lambda account, text: edit_role(
        role=Role.objects.get(account=account, name="Helpdesk"),
        name=text,
        description="",
        permissions=[],
        at=LATER,
        by=STAFF,
    ),
    "edited first name": lambda account, text: edit_user(
        user=administrator_of(account), details={"first_name": text}, at=LATER, by=STAFF
    ),
    "device": lambda account, text: add_device(
        pool=given_pool(account, given_device_type()), name=text, user=None, at=LATER, by=STAFF
    ),
    "renamed device": lambda account, text: edit_device(
        device=given_device(given_pool(account, given_device_type())),
        name=text,
        user=None,
        at=LATER,
        by=STAFF,
    ),
}
OPTIONAL: dict[str, Attempt] = {
    "phone": lambda account, text: add_user(account=account, new=new_user(phone=text), at=LATER, by=STAFF),
    "edited phone": lambda account, text: edit_user(
        user=administrator_of(account), details={"phone": text}, at=LATER, by=STAFF
    ),
    "role description": lambda account, text: create_role(
        account=account, name="Desk", description=text, permissions=[], at=LATER, by=STAFF
    ),
    "reason of a total": lambda account, text: change_total(
        pool=given_pool(account), total=11, reason=text, at=LATER, by=STAFF
    ),
    "reason of an expiry": lambda account, text: change_expiry(
        pool=given_pool(account), expires_on=date(2027, 1, 1), reason=text, at=LATER, by=STAFF
    ),
    "reason of terms": lambda account, text: change_terms(
        pool=given_pool(account), terms=Terms.TRIAL, reason=text, at=LATER, by=STAFF
    ),
    "reason of a pool": lambda account, text: open_pools(
        account=account, pools=[NewPool(given_licence_type(), 1)], reason=text, at=LATER, by=STAFF
    ),
}


@pytest.mark.parametrize("attempt", [*NAMES.values(), *OPTIONAL.values()], ids=[*NAMES, *OPTIONAL])
@pytest.mark.django_db
def test_every_action_that_takes_text_refuses_what_is_unfit(attempt: Attempt):
    account = given_account()
    given_role(account)
    for text in UNFIT.values():
        with pytest.raises(UnfitText), transaction.atomic():
            attempt(account, text)
    assert not Event.objects.filter(at=LATER).exists()
    assert not LedgerEntry.objects.filter(at=LATER).exists()


@pytest.mark.parametrize("attempt", NAMES.values(), ids=NAMES)
@pytest.mark.django_db
def test_every_action_that_takes_a_name_refuses_an_empty_one(attempt: Attempt):
    account = given_account()
    given_role(account)
    for text in NOTHING_IN_IT.values():
        with pytest.raises((UnfitText, UnfitEmail)), transaction.atomic():
            attempt(account, text)
    assert not Event.objects.filter(at=LATER).exists()


@pytest.mark.django_db
def test_names_are_stored_composed_and_trimmed():
    account = given_account("  Cafe\u0301 Nord ")
    user = add_user(
        account=account,
        new=new_user(first_name=" Zoe\u0308", email="ZOE@X.example", phone=" +44 20 "),
        at=AT,
        by=STAFF,
    )
    role = given_role(account, " Desk ")
    device = given_device(given_pool(account, given_device_type()), " Lobby ")
    assert (account.name, role.name, device.name) == ("Café Nord", "Desk", "Lobby")
    assert (user.first_name, user.email, user.phone) == ("Zoë", "zoe@x.example", "+44 20")
    assert Account.objects.filter(name="Café Nord").exists()
    assert User.objects.filter(first_name="Zoë").exists()
    assert Device.objects.filter(name="Lobby").exists()


@pytest.mark.django_db
def test_a_search_for_unfit_text_answers():
    provider = given_provider()
    given_account("Northwind", provider=provider)
    for text in UNFIT.values():
        assert list_customers(provider, search=f"{text}?") == []
        assert list_users(provider, UserFilter(search=f"?{text}?")) == []
        assert list_devices(provider, search=f"{text}?") == []
        with pytest.raises(NotFound):
            get_account_for_operator(text)


@pytest.mark.parametrize("total", [-1, 10_000_001, 2**31, 2**63, 10**30])
@pytest.mark.django_db
def test_a_number_nobody_sells_is_refused(total: int):
    pool = given_pool(total_licences=10)
    with pytest.raises(UnlikelyNumber):
        change_total(pool=pool, total=total, at=LATER, by=STAFF)
    with pytest.raises(UnlikelyNumber):
        given_pool(pool.account, given_licence_type("other"), total_licences=total)
    assert refreshed(pool).total_licences == 10


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(3000, 1, 1), date(9999, 12, 31)])
@pytest.mark.django_db
def test_an_expiry_date_nobody_means_is_refused(day: date):
    pool = given_pool(expires_on=date(2027, 1, 1))
    with pytest.raises(UnlikelyDate):
        change_expiry(pool=pool, expires_on=day, at=LATER, by=STAFF)
    with pytest.raises(UnlikelyDate):
        given_pool(pool.account, given_licence_type("other"), expires_on=day)
    assert refreshed(pool).expires_on == date(2027, 1, 1)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.django_db
def test_a_history_filtered_by_the_ends_of_time_answers(zone: str):
    account = given_account(time_zone=zone)
    given_pool(account)
    everything = list_history(account, HistoryFilter())
    assert list_history(account, HistoryFilter(first_on=date.min, last_on=date.max)) == everything
    assert list_history(account, HistoryFilter(first_on=date.max)) == []
    assert list_history(account, HistoryFilter(last_on=date.min)) == []


@pytest.mark.django_db
def test_unfit_zones_and_languages_are_refused_in_words_that_can_be_shown():
    account = given_account()
    for text in [*UNFIT.values(), *NOTHING_IN_IT.values()]:
        for zone, locale in ((text, "en-GB"), ("Europe/London", text)):
            with pytest.raises(Refused) as refusal:
                change_account_settings(
                    account=account, name="Northwind", time_zone=zone, locale=locale, at=AT, by=STAFF
                )
            assert len(str(refusal.value).encode()) < 1000
