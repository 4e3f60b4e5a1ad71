"""Who holds what."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import HeldBy
from seatledger.domain.licences.models import Assignment, Pool, RoleLicence
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import UserFilter, users_matching
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


def list_holders(
    account: Account,
    pool: Pool,
    *,
    search: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Assignment]:
    """Return who holds a licence of the pool now: by last name, or by device name."""
    rows = Assignment.objects.filter(account=account, pool=pool, released_at__isnull=True)
    if pool.licence_type.held_by == HeldBy.DEVICE:
        rows = rows.filter(device__account=account).annotate(holder_name=Lower("device__name"))
    else:
        # The users' account is named too, so that their index by name can lead and only a page of them is read.
        rows = rows.filter(user__account=account).annotate(holder_name=F("user__last_name_lower"))
    rows = rows.select_related("user", "device")
    for word in clean_search(search).split():
        rows = rows.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(device__name__icontains=word)
        )
    if after:
        rows = rows.filter(holder_name__gte=after[0])
        rows = rows.filter(Q(holder_name__gt=after[0]) | Q(id__gt=after[1]))
    return list(rows.order_by("holder_name", "id")[:limit])


def list_users_without(account: Account, pool: Pool, *, search: str = "", limit: int = 50) -> list[User]:
    """Return active users who hold no licence of the pool, by last name."""
    held = Assignment.objects.filter(
        account=account, pool=pool, user=OuterRef("pk"), released_at__isnull=True
    )
    wanted = UserFilter(search=search, active=True)
    return list(users_matching(account, wanted).filter(~Exists(held))[:limit])


def get_assignment(account: Account, assignment_id: UUID) -> Assignment:
    """Return a licence in use. Raises NotFound for another account's and for released ones."""
    try:
        return Assignment.objects.select_related("account", "pool__licence_type", "user").get(
            account=account, pk=assignment_id, released_at__isnull=True
        )
    except Assignment.DoesNotExist:
        raise NotFound("licence in use") from None


def list_licences_of(account: Account, user_id: UUID) -> list[Assignment]:
    """Return the licences a user holds now, in the order of the licence metrics."""
    rows = Assignment.objects.filter(account=account, user_id=user_id, released_at__isnull=True)
    return list(
        rows.select_related("pool__licence_type__product").order_by("pool__licence_type__metric_order", "id")
    )


def licence_types_given_by(account: Account) -> dict[UUID, set[UUID]]:
    """Return, for each role of the account that gives licences, the licence types it gives."""
    gives: dict[UUID, set[UUID]] = {}
    for role_id, type_id in RoleLicence.objects.filter(account=account).values_list(
        "role_id", "licence_type_id"
    ):
        gives.setdefault(role_id, set()).add(type_id)
    return gives
