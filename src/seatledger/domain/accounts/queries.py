"""Questions about organisations."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from seatledger.domain.accounts.models import Account, Brand
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


def get_customer(account: Account, customer_id: UUID) -> Account:
    """Return a customer of the provider `account`. Raises NotFound for anyone else's, and for one that was closed."""
    try:
        return _customers_of(account).get(pk=customer_id)
    except Account.DoesNotExist:
        raise NotFound("customer") from None


def list_customers(
    account: Account,
    *,
    search: str = "",
    ids: Collection[UUID] | QuerySet[Any, UUID] | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Account]:
    """Return customers of the provider `account` by name, beginning behind the key `after` (name, id).

    `search` is a part of a name or a whole serial number; `ids`, when given, are the only ones of interest.
    """
    rows = _customers_of(account)
    if search := clean_search(search):
        rows = rows.filter(Q(name__icontains=search) | Q(serial_number__iexact=search))
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], id__gt=after[1]))
    return list(rows.order_by("name", "id")[:limit])


def count_customers(account: Account) -> int:
    """Return how many customers the provider `account` looks after."""
    return _customers_of(account).count()


def _customers_of(account: Account) -> QuerySet[Account]:
    return Account.objects.filter(provider=account, closed_at__isnull=True)


def find_brand(account: Account) -> Brand | None:
    """Return the brand whose words the account reads: its provider's, or its own where it has none above it."""
    return Brand.objects.filter(account=account.provider_id or account.pk).defer("logo").first()


def find_look(account: Account) -> Brand | None:
    """Return the brand that the account's pages and mails have: its provider's, None where they are the vendor's own."""
    return find_brand(account) if account.provider_id else None


def get_account_for_operator(serial_number: str) -> Account:
    """Return the account with this serial number. Raises NotFound when there is none."""
    try:
        return Account.objects.get(serial_number=clean_search(serial_number).upper())
    except Account.DoesNotExist:
        raise NotFound("account", "") from None
