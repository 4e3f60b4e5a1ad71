"""Changes to an organisation itself. Opening one touches people and pools too, so it is in `licences`."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale, UnknownLocaleError
from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_name, clean_search
from seatledger.shared.zones import zone_names

LONGEST_NAME = 200


@dataclass(frozen=True)
class AccountSettingsChanged(Happening):
    name: str
    time_zone: str
    locale: str


class UnknownTimeZone(Refused):
    """No such zone in the IANA database."""

    code = "unknown_time_zone"


class UnknownLocale(Refused):
    """No such language and country."""

    code = "unknown_locale"


class AccountIsClosed(Refused):
    """The account's end was carried out."""

    code = "account_is_closed"


def check_open(account: Account) -> None:
    """Raise AccountIsClosed once the account's end was carried out."""
    if account.closed_at is not None:
        raise AccountIsClosed(
            "This account is closed. Nobody and nothing is added to it or changed any more."
        )


class AccountIsMoving(Refused):
    """The account is on its way to another region, where it goes on."""

    code = "account_is_moving"


def lock_account(account: Account) -> Account:
    """Hold the account's row until the transaction ends, and return it fresh. Raises AccountIsMoving.

    Every action that changes an account's people, roles or licences begins here, so that two of them never
    deadlock and each sees what the one before it left.
    """
    held = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if held.moving_to:
        raise AccountIsMoving("The account moves to another region. Work on it there once it has arrived.")
    return held


def check_time_zone(name: str) -> None:
    """Raise UnknownTimeZone unless `name` is in the IANA database."""
    if name not in zone_names():
        raise UnknownTimeZone(
            f"There is no time zone “{clean_search(name)}”. Choose one such as Europe/London."
        )


def check_locale(tag: str) -> None:
    """Raise UnknownLocale unless `tag` names a language Seatledger can write dates and amounts in."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise UnknownLocale(
            f"There is no language “{clean_search(tag)}”. Choose one such as en-GB."
        ) from None


@transaction.atomic
def change_account_settings(
    *, account: Account, name: str, time_zone: str, locale: str, at: datetime, by: Actor
) -> Account:
    """Rename the account or change where its days begin and how its figures are written.

    Raises UnfitText, UnknownTimeZone and UnknownLocale.
    """
    name = clean_name(name, LONGEST_NAME, what="The account's name")
    check_time_zone(time_zone)
    check_locale(locale)
    account = lock_account(account)
    if (account.name, account.time_zone, account.locale) == (name, time_zone, locale):
        return account
    account.name, account.time_zone, account.locale = name, time_zone, locale
    account.save(update_fields=["name", "time_zone", "locale"])
    record(
        AccountSettingsChanged(name=name, time_zone=time_zone, locale=locale), account=account, at=at, by=by
    )
    return account


@transaction.atomic
def mark_lapsed(*, account: Account, at: datetime, by: Actor) -> bool:
    """Have the account be Expired because it did not pay; False when it is already. `payments` tells why."""
    del by
    return bool(Account.objects.filter(pk=account.pk, lapsed_at__isnull=True).update(lapsed_at=at))


@transaction.atomic
def mark_restored(*, account: Account, at: datetime, by: Actor) -> bool:
    """Have the account be what its licences make it again; False when it is already. `payments` tells why."""
    del at, by
    return bool(Account.objects.filter(pk=account.pk, lapsed_at__isnull=False).update(lapsed_at=None))
