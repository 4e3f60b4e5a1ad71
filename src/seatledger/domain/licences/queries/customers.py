"""What a provider's customers hold. The wall shows a provider the pools of its customers, and nothing else of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries.names import brand_words_of, branded
from seatledger.domain.licences.queries.pools import today_of, type_of_account


@dataclass(frozen=True)
class CustomerUse:
    """One customer in the provider's list. `over_assigned` and `full` count its licence types."""

    customer: Account
    type: AccountType
    licences_in_use: int
    full: int
    over_assigned: int


def list_customer_uses(account: Account, customers: Iterable[Account], *, at: datetime) -> list[CustomerUse]:
    """Return what each of these customers of the provider `account` uses, in their order."""
    customers = list(customers)
    pools: dict[object, list[Pool]] = {customer.pk: [] for customer in customers}
    rows = Pool.objects.filter(account__provider=account, account__in=customers)
    for pool in rows.select_related("licence_type"):
        pools[pool.account_id].append(pool)
    return [_use_of(customer, pools[customer.pk], at) for customer in customers]


def _use_of(customer: Account, pools: list[Pool], at: datetime) -> CustomerUse:
    terms = [(pool.terms, pool.expires_on) for pool in pools]
    shown = [pool for pool in pools if pool.licence_type.metric_group]
    return CustomerUse(
        customer=customer,
        type=type_of_account(customer, terms, today=today_of(customer, at)),
        licences_in_use=sum(pool.assigned_licences for pool in shown),
        full=sum(
            bool(pool.total_licences) and pool.assigned_licences == pool.total_licences for pool in shown
        ),
        over_assigned=sum(pool.is_over_assigned for pool in shown),
    )


def list_customers_using(account: Account, licence_type_id: UUID) -> list[UUID]:
    """Return the ids of the customers of the provider `account` that use licences of a type now."""
    pools = Pool.objects.filter(account__provider=account, licence_type=licence_type_id)
    return list(pools.filter(assigned_licences__gt=0).values_list("account", flat=True))


@dataclass(frozen=True)
class TypeUse:
    """How many licences of a type all customers use together, and how many customers use any."""

    licence_type: LicenceType
    name: str
    used: int
    customers: int


def list_use_by_type_of_customers(account: Account) -> list[TypeUse]:
    """Return the licences in use of all customers of the provider `account`, by type, in the metrics' order."""
    pools = Pool.objects.filter(account__provider=account).exclude(licence_type__metric_group="")
    sums = {
        row["licence_type"]: (row["used"], row["users"])
        for row in pools.values("licence_type").annotate(
            used=Sum("assigned_licences"),
            users=Count("account", filter=Q(assigned_licences__gt=0)),
        )
    }
    kinds = LicenceType.objects.filter(pk__in=sums).select_related("product")
    words = brand_words_of(account)
    return [
        TypeUse(kind, branded(kind.name, kind.product.brand_words, words), *sums[kind.pk])
        for kind in sorted(kinds, key=_metrics_order)
    ]


def _metrics_order(kind: LicenceType) -> tuple[int, int, str]:
    groups = ["users", "clients", "supervisor", "devices"]
    return (groups.index(kind.metric_group), kind.metric_order, kind.name)
