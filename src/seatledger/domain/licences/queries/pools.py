"""Questions about the pools of an account."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.catalogue.models import ChargeModel, GivenBy, LicenceType, MetricGroup
from seatledger.domain.licences.access import grace, is_stopped
from seatledger.domain.licences.models import Assignment, LicenceRequest, Pool, Terms
from seatledger.domain.people.models import User
from seatledger.engine.access import Holding, Standing, standing_of
from seatledger.shared.errors import NotFound

# Every page asks what the account is: rows, not models.
_HELD: Final = "SELECT terms, expires_on FROM licences_pool WHERE account_id = %s"


def today_of(account: Account, at: datetime) -> date:
    """Return the day on which `at` falls in the account's zone."""
    return at.astimezone(ZoneInfo(account.time_zone)).date()


def list_pools(account: Account) -> list[Pool]:
    """Return the account's pools with their licence types, in the order of the licence metrics."""
    rows = Pool.objects.filter(account=account).select_related("licence_type", "licence_type__product")
    groups = [group.value for group in MetricGroup]
    return sorted(
        rows,
        key=lambda pool: (
            groups.index(pool.licence_type.metric_group),
            pool.licence_type.metric_order,
            pool.licence_type.name,
        ),
    )


def get_pool(account: Account, pool_id: UUID) -> Pool:
    """Return the account's pool. Raises NotFound for another account's, as for none."""
    try:
        return Pool.objects.select_related("account", "licence_type", "licence_type__product").get(
            account=account, pk=pool_id
        )
    except Pool.DoesNotExist:
        raise NotFound("pool of licences") from None


def get_pool_by_key(account: Account, key: str) -> Pool:
    """Return the account's pool of the licence type `key`. Raises NotFound."""
    try:
        return Pool.objects.select_related("account", "licence_type").get(
            account=account, licence_type__key=key
        )
    except Pool.DoesNotExist:
        raise NotFound("pool of licences") from None


def get_request(account: Account, request_id: UUID) -> LicenceRequest:
    """Return what the account asked the vendor for. Raises NotFound."""
    rows = LicenceRequest.objects.filter(account=account, pk=request_id)
    found = rows.select_related("account", "licence_type__product", "asked_by").first()
    if found is None:
        raise NotFound("request")
    return found


def list_types_to_ask_for(account: Account) -> list[LicenceType]:
    """Return the limited licence types of the products that the account has, held already or not."""
    products = Pool.objects.filter(account=account).values("licence_type__product")
    kinds = LicenceType.objects.filter(product__in=products, given_by=GivenBy.ASSIGNMENT)
    limited = kinds.exclude(charge_model=ChargeModel.ACTIVE).select_related("product")
    return list(limited.order_by("product__name", "metric_order", "name"))


def count_active_users(account: Account) -> int:
    """Return how many users are active: what is held of the pool that every active user holds."""
    counted = Pool.objects.filter(account=account, counts_active_users=True)
    return counted.values_list("assigned_licences", flat=True).first() or 0


def users_to_activate(account: Account) -> QuerySet[User]:
    """Return the users who were added inactive and were never activated since."""
    been_active = Assignment.objects.filter(
        account=account, user=OuterRef("pk"), pool__counts_active_users=True
    )
    waiting = User.objects.filter(account=account, deleted_at__isnull=True, is_active=False)
    return waiting.filter(~Exists(been_active))


def get_account_type(account: Account, at: datetime) -> AccountType:
    """Return Trial, Active or Expired: Active while a paid pool may be used, else Trial while a trial pool may be.

    An account that has lapsed, because it did not pay, or that is closed is Expired whatever it holds.
    """
    return AccountType(get_account_standing(account, at).kind)


def get_account_standing(account: Account, at: datetime) -> Standing:
    """Return what the account is at `at`, by what, and until when access goes on after that has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [account.pk])
        held: list[tuple[str, date | None]] = cursor.fetchall()
    return _standing(account, held, today=today_of(account, at))


def find_last_trial_day(account: Account) -> date | None:
    """Return the last day on which a trial pool of the account is valid, or None when none ends."""
    trials = Pool.objects.filter(account=account, terms=Terms.TRIAL, expires_on__isnull=False)
    return trials.order_by("-expires_on").values_list("expires_on", flat=True).first()


def type_of_account(account: Account, held: Iterable[tuple[str, date | None]], *, today: date) -> AccountType:
    """Return the type that an account's pools make, given as terms and expiry date, unless it has lapsed."""
    return AccountType(_standing(account, held, today=today).kind)


def _standing(account: Account, held: Iterable[tuple[str, date | None]], *, today: date) -> Standing:
    holdings = [Holding(terms, expires_on) for terms, expires_on in held]
    return standing_of(holdings, today=today, grace=grace(), is_stopped=is_stopped(account))
