"""What a provider's customers hold. The wall shows a provider the pools of its customers, and nothing else of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries.names import brand_words_of, branded
from seatledger.domain.licences.queries.pools import today_of, type_of_account


@dataclass(frozen=True)
class CustomerUse:
    """One customer in the provider's list. `over_assigned` and `full` count its licence types.

    `used` is how many licences it uses of the type that the list is narrowed to.
    """

    customer: Account
    type: AccountType
    active_users: int
    licences_in_use: int
    used: int
    full: int
    over_assigned: int


def list_customer_uses(
    account: Account, customers: Iterable[Account], *, chosen: UUID | None = None, at: datetime
) -> list[CustomerUse]:
    """Return what each of these customers of the provider `account` uses, in their order; `chosen` is a licence type."""
    customers = list(customers)
    pools: dict[object, list[Pool]] = {customer.pk: [] for customer in customers}
    rows = Pool.objects.filter(account__provider=account, account__in=customers)
    for pool in rows.select_related("licence_type"):
        pools[pool.account_id].append(pool)
    return [_use_of(customer, pools[customer.pk], chosen, at) for customer in customers]


def _use_of(customer: Account, pools: list[Pool], chosen: UUID | None, at: datetime) -> CustomerUse:
    terms = [(pool.terms, pool.expires_on) for pool in pools]
    shown = [pool for pool in pools if pool.licence_type.metric_group]
    return CustomerUse(
        customer=customer,
        type=type_of_account(customer, terms, today=today_of(customer, at)),
        active_users=sum(pool.assigned_licences for pool in pools if pool.counts_active_users),
        licences_in_use=sum(pool.assigned_licences for pool in shown),
        used=sum(pool.assigned_licences for pool in pools if pool.licence_type_id == chosen),
        full=sum(
            bool(pool.total_licences) and pool.assigned_licences == pool.total_licences for pool in shown
        ),
        over_assigned=sum(pool.is_over_assigned for pool in shown),
    )


def customers_using(account: Account, licence_type_id: UUID) -> QuerySet[Pool, UUID]:
    """Return the ids, as a query to narrow a list by, of the customers that use licences of a type now."""
    pools = Pool.objects.filter(account__provider=account, licence_type=licence_type_id)
    return pools.filter(assigned_licences__gt=0).values_list("account", flat=True)


@dataclass(frozen=True)
class TypeUse:
    """How many licences of a type all customers use together, and how many customers use any."""

    licence_type: LicenceType
    name: str
    used: int
    customers: int


@dataclass(frozen=True)
class CustomersTotal:
    """What all customers of a provider use together, by type in the metrics' order."""

    active_users: int
    by_type: Sequence[TypeUse]

    @property
    def licences_in_use(self) -> int:
        return sum(use.used for use in self.by_type)


def get_customers_total(account: Account) -> CustomersTotal:
    """Return what all customers of the provider `account` use together, from their pools' counters."""
    sums = (
        Pool.objects.filter(account__provider=account)
        .values("licence_type")
        .annotate(
            used=Sum("assigned_licences"),
            users=Count("account", filter=Q(assigned_licences__gt=0)),
            active=Coalesce(Sum("assigned_licences", filter=Q(counts_active_users=True)), 0),
        )
    )
    found = {row["licence_type"]: row for row in sums}
    shown = LicenceType.objects.filter(pk__in=found).exclude(metric_group="").select_related("product")
    words = brand_words_of(account)
    return CustomersTotal(
        active_users=sum(row["active"] for row in found.values()),
        by_type=[
            TypeUse(
                kind,
                branded(kind.name, kind.product.brand_words, words),
                found[kind.pk]["used"],
                found[kind.pk]["users"],
            )
            for kind in sorted(shown, key=_metrics_order)
        ],
    )


def _metrics_order(kind: LicenceType) -> tuple[int, int, str]:
    groups = ["users", "clients", "supervisor", "devices"]
    return (groups.index(kind.metric_group), kind.metric_order, kind.name)
