"""Open an account: the organisation, its built-in roles, its first administrator and its pools, in one go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from seatledger.domain.accounts.actions import LONGEST_NAME, check_locale, check_time_zone
from seatledger.domain.accounts.models import Account, AccountKind
from seatledger.domain.accounts.serials import make_serial_number
from seatledger.domain.catalogue.actions import ensure_active_user_type
from seatledger.domain.catalogue.models import ChargeModel, GivenBy, LicenceType
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.licences.actions.people import NewUser, add_user
from seatledger.domain.licences.limits import check_expiry, check_total, clean_reason
from seatledger.domain.licences.models import Cause, EntryKind, LedgerEntry, Pool, Terms
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.licences.storing import PoolChanged
from seatledger.domain.licences.writing import open_desk
from seatledger.domain.people.actions import choose_main_contact
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.people.permissions import BILLING_PERMISSIONS
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_name


@dataclass(frozen=True)
class AccountOpened(Happening):
    serial_number: str


@dataclass(frozen=True)
class NewAccount:
    """What opening an account needs to know. Its `id` is chosen first, so that who opens it can be bound to it."""

    name: str
    region: str
    currency: str = "GBP"
    time_zone: str = "Europe/London"
    locale: str = "en-GB"
    kind: AccountKind = AccountKind.CUSTOMER
    provider: Account | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class NewPool:
    """Licences of one type that an account begins to hold. `total` is None where they are not limited."""

    licence_type: LicenceType
    total: int | None
    terms: Terms = Terms.PAID
    expires_on: date | None = None


class NotAProvider(Refused):
    """Only a provider has customers below it."""

    code = "not_a_provider"


class PoolExists(Refused):
    """The account has a pool of this licence type."""

    code = "pool_exists"


class TotalMissing(Refused):
    """This licence type is bought by number."""

    code = "total_missing"


@transaction.atomic
def open_account(
    *, new: NewAccount, administrator: NewUser, pools: Sequence[NewPool], at: datetime, by: Actor
) -> tuple[Account, User]:
    """Open an account with its built-in roles, its pools and its first administrator, who is the main contact.

    Raises NotAProvider, UnfitText, UnknownTimeZone, UnknownLocale, and what `open_pools` and `add_user` raise.
    """
    if new.provider and not new.provider.is_provider:
        raise NotAProvider(f"{new.provider.name} is not a provider. Choose one, or leave the provider out.")
    name = clean_name(new.name, LONGEST_NAME, what="The account's name")
    check_time_zone(new.time_zone)
    check_locale(new.locale)
    account = Account.objects.create(
        id=new.id,
        serial_number=make_serial_number(new.region),
        name=name,
        kind=new.kind,
        provider=new.provider,
        region=new.region,
        currency=new.currency,
        time_zone=new.time_zone,
        locale=new.locale,
        opened_at=at,
    )
    record(AccountOpened(serial_number=account.serial_number), account=account, at=at, by=by)
    administrators = Role.objects.create(
        account=account, name="Administrator", built_in=BuiltInRole.ADMINISTRATOR
    )
    Role.objects.create(
        account=account,
        name="Billing",
        built_in=BuiltInRole.BILLING,
        permissions=sorted(BILLING_PERMISSIONS),
    )
    for pool in _with_active_users(pools):  # nothing is there yet that they have to agree with
        _open_pool(account, pool, reason="", at=at, by=by)
    first = _as_administrator(administrator, {administrators.pk, *administrator.role_ids})
    user = add_user(account=account, new=first, at=at, by=by)
    choose_main_contact(user=user, at=at, by=by)
    return account, user


@transaction.atomic
def open_pools(
    *, account: Account, pools: Sequence[NewPool], reason: str = "", at: datetime, by: Actor
) -> list[Pool]:
    """Let the account hold further licence types.

    Raises PoolExists, TotalMissing, UnlikelyNumber, UnlikelyDate and UnfitText.
    """
    reason = clean_reason(reason)
    at = open_desk(account).book.settle(at)
    return [_open_pool(account, new, reason=reason, at=at, by=by) for new in pools]


def _open_pool(account: Account, new: NewPool, *, reason: str, at: datetime, by: Actor) -> Pool:
    kind = new.licence_type
    if kind.charge_model == ChargeModel.PREPAID and new.total is None:
        raise TotalMissing(f"{kind.name} licences are bought by number. Say how many.")
    check_total(new.total or 0)
    check_expiry(new.expires_on, first_year=at.year)
    if Pool.objects.filter(account=account, licence_type=kind).exists():
        raise PoolExists(f"The account has {kind.name} licences already. Change their total instead.")
    pool = Pool.objects.create(
        account=account,
        licence_type=kind,
        terms=new.terms,
        total_licences=new.total if kind.is_limited else None,
        expires_on=new.expires_on,
        counts_active_users=kind.given_by == GivenBy.ACTIVATION,
        opened_at=at,
    )
    total = "" if pool.total_licences is None else str(pool.total_licences)
    LedgerEntry.objects.create(
        account=account,
        pool=pool,
        kind=EntryKind.POOL_OPENED,
        cause=Cause.OPENING,
        licence_name=name_type(account, kind),
        at=at,
        bought_change=pool.total_licences or 0,
        bought_after=pool.total_licences or 0,
        held_after=0,
        after=total,
        reason=reason,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
    )
    said = PoolChanged(pool_id=pool.pk, what=EntryKind.POOL_OPENED.value, before="", after=total)
    record(said, account=account, at=at, by=by)
    return pool


def _with_active_users(pools: Sequence[NewPool]) -> list[NewPool]:
    """Return the pools with one that counts active users among them: every account has one."""
    if any(new.licence_type.given_by == GivenBy.ACTIVATION for new in pools):
        return list(pools)
    return [NewPool(ensure_active_user_type(), None, Terms.INCLUDED), *pools]


def _as_administrator(new: NewUser, role_ids: Collection[UUID]) -> NewUser:
    return NewUser(
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email,
        phone=new.phone,
        invite=new.invite,
        role_ids=tuple(role_ids),
    )
