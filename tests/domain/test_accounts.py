"""Opening an account, its serial number, its settings, and the customers of a provider."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from seatledger.domain.accounts.actions import (
    UnknownLocale,
    UnknownTimeZone,
    change_account_settings,
)
from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import (
    count_customers,
    get_account_for_operator,
    get_customer,
    list_customers,
)
from seatledger.domain.accounts.serials import is_serial_number, make_serial_number
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import NewAccount, NewUser, open_account
from seatledger.domain.licences.actions.opening import NotAProvider
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import count_active_users
from seatledger.domain.people.actions import EmailTaken
from seatledger.domain.people.models import BuiltInRole, Role
from seatledger.domain.people.permissions import EVERY_PERMISSION, Permission
from seatledger.domain.people.queries import find_main_contact, get_built_in_role, permissions_of
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_provider,
    refreshed,
)


def change(account: Account, **settings: str) -> Account:
    stated = {"name": account.name, "time_zone": account.time_zone, "locale": account.locale}
    return change_account_settings(account=account, **(stated | settings), at=LATER, by=STAFF)


@pytest.mark.django_db
def test_an_account_is_opened_with_all_it_needs():  # A7, A8, A9
    account, ann = open_account(
        new=NewAccount("Northwind", "eu", currency="EUR", time_zone="Europe/Berlin", locale="de-DE"),
        administrator=NewUser("Ann", "Lee", "ann@northwind.example"),
        pools=[],
        at=AT,
        by=STAFF,
    )
    assert (account.name, account.region, account.opened_at) == ("Northwind", "eu", AT)
    assert is_serial_number(account.serial_number)
    assert account.serial_number.startswith("EU-")
    assert permissions_of(ann) == EVERY_PERMISSION
    assert find_main_contact(account) == ann
    assert count_active_users(account) == 1
    assert set(Role.objects.filter(account=account).values_list("name", flat=True)) == {
        "Administrator",
        "Billing",
    }
    assert Event.objects.filter(account=account).earliest("sequence").kind == "account_opened"


@pytest.mark.django_db
def test_an_account_that_cannot_be_opened_whole_is_not_opened():
    taken = administrator_of(given_account("Northwind")).email
    with pytest.raises(EmailTaken):
        open_account(
            new=NewAccount("Southwind", "eu"),
            administrator=NewUser("Eve", "Moss", taken),
            pools=[],
            at=AT,
            by=STAFF,
        )
    assert not Account.objects.filter(name="Southwind").exists()
    assert not Pool.objects.filter(account__name="Southwind").exists()


@pytest.mark.django_db
def test_billing_may_pay_and_ask_but_not_manage_people():  # A3, A4
    allowed = get_built_in_role(given_account(), BuiltInRole.BILLING).allowed
    assert {
        Permission.BILLING_VIEW,
        Permission.CONTACT_MANAGE,
        Permission.DELETION_REQUEST,
    } <= allowed
    assert not {Permission.USERS_MANAGE, Permission.ROLES_MANAGE, Permission.SETTINGS_MANAGE} & allowed


# A9
@given(some.sampled_from(["eu", "uk", "us"]))
def test_a_serial_number_carries_its_region_and_a_check_character(region: str):
    serial = make_serial_number(region)
    assert serial.startswith(region.upper() + "-")
    assert is_serial_number(serial)


@given(place=some.sampled_from([0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 13]), choice=some.integers(0, 31))
def test_one_wrong_character_of_a_serial_number_shows(place: int, choice: int):
    serial = make_serial_number("eu")
    others = [character for character in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if character != serial[place]]
    assert not is_serial_number(serial[:place] + others[choice % len(others)] + serial[place + 1 :])


@given(some.text(max_size=20))
def test_any_other_text_is_no_serial_number(text: str):
    assert not is_serial_number(text)


@pytest.mark.django_db
def test_the_operator_finds_an_account_by_its_serial_number():
    account = given_account()
    assert get_account_for_operator(f" {account.serial_number.lower()} ") == account
    with pytest.raises(NotFound):
        get_account_for_operator("EU-0000-0000-0")


@pytest.mark.django_db
def test_settings_are_changed_and_written_down_once():
    account = given_account()
    changed = change(account, name="Northwind Ltd", time_zone="Asia/Kathmandu", locale="de-AT")
    assert (changed.name, changed.time_zone, changed.locale) == ("Northwind Ltd", "Asia/Kathmandu", "de-AT")
    assert refreshed(account).serial_number == changed.serial_number
    assert Event.objects.filter(kind="account_settings_changed").count() == 1
    change(changed)
    assert Event.objects.filter(kind="account_settings_changed").count() == 1


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"time_zone": "Europe/Atlantis"}, UnknownTimeZone),
        ({"time_zone": "../etc/passwd"}, UnknownTimeZone),
        ({"locale": "xx-YY"}, UnknownLocale),
        ({"locale": "english please"}, UnknownLocale),
    ],
)
@pytest.mark.django_db
def test_unknown_zones_and_languages_are_refused(settings: dict[str, str], refusal: type[Exception]):
    account = given_account()
    with pytest.raises(refusal):
        change(account, **settings)
    assert refreshed(account).time_zone == "Europe/London"


# D24
@pytest.mark.django_db
def test_a_provider_finds_its_own_customers_by_name_and_serial_number():
    harbour, rival = given_provider("Harbour Partners"), given_provider("Rival Partners")
    theirs = given_account("Anchor", provider=rival)
    alone = given_account("Alone")
    own = [given_account(name, provider=harbour) for name in ("Buoy", "Crane", "Dock")]
    assert list_customers(harbour) == own
    assert count_customers(harbour) == 3
    assert list_customers(harbour, after=("Buoy", own[0].pk), limit=1) == [own[1]]
    assert list_customers(harbour, search="ran") == [own[1]]
    assert list_customers(harbour, search=own[2].serial_number.lower()) == [own[2]]
    assert list_customers(harbour, search=theirs.serial_number) == []
    assert get_customer(harbour, own[0].pk) == own[0]
    for stranger in (theirs, alone, harbour):
        with pytest.raises(NotFound):
            get_customer(harbour, stranger.pk)


@pytest.mark.django_db
def test_only_a_provider_has_customers_below_it():
    with pytest.raises(NotAProvider, match="Northwind is not a provider"):
        given_account("Contoso", provider=given_account())
    assert not Account.objects.filter(name="Contoso").exists()
