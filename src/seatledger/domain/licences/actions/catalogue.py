"""Apply a catalogue: what is sold changes, and what is held must still make sense."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.actions import store_difference
from seatledger.domain.catalogue.differences import Difference, TypeChange, compare_catalogue
from seatledger.domain.catalogue.models import HeldBy, LicenceType
from seatledger.domain.catalogue.specs import CatalogueSpec
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.models import Assignment, Device, Pool, Source
from seatledger.shared.errors import Refused


class RulesInUse(Refused):
    """A licence type's rule cannot change, because of what is held by it."""

    code = "licence_type_rules_in_use"


@transaction.atomic
def apply_catalogue(
    *, wanted: CatalogueSpec, effective_on: date, dry_run: bool = False, at: datetime, by: Actor
) -> Difference:
    """Make what is sold equal to `wanted`, and return what that changed (or would change, on a dry run).

    Names and descriptions change in place, and an old name is kept among the former ones. A changed price or item
    makes a new plan version that holds from `effective_on`. What the file does not name stays. Raises RulesInUse
    where a rule's change would break what is held, KeyTaken and VersionTooEarly.
    """
    difference = compare_catalogue(wanted, effective_on=effective_on)
    changed = [change for change in difference.types if change.stored is not None and change.changed_rules]
    _hold_accounts(changed)
    for change in changed:
        _check_held(change, wanted)
    if not dry_run:
        store_difference(difference=difference, at=at, by=by)
    return difference


def _hold_accounts(changes: list[TypeChange]) -> None:
    """Make every account that holds these types wait, so that none takes a licence by the old rules meanwhile."""
    types = [change.stored for change in changes if change.stored is not None]
    if types:
        accounts = Pool.objects.filter(licence_type__in=types).values("account")
        list(Account.objects.filter(pk__in=accounts).order_by("pk").select_for_update(no_key=True))


def _check_held(change: TypeChange, wanted: CatalogueSpec) -> None:
    stored = change.stored
    assert stored is not None, "only a stored type can be held"
    for rule in change.changed_rules:
        if broken := _BROKEN_BY[rule.field](stored, change, wanted):
            raise RulesInUse(
                f"{stored.name} ({stored.key}): {rule.field} cannot change from {rule.before or 'nothing'} to "
                f"{rule.after or 'nothing'}, because {broken}. Add a new licence type instead."
            )


def _pools(stored: LicenceType, _change: TypeChange, _wanted: CatalogueSpec) -> str:
    accounts = Pool.objects.filter(licence_type=stored).count()
    return f"{accounts} account(s) have licences of it" if accounts else ""


def _holders(stored: LicenceType, _change: TypeChange, _wanted: CatalogueSpec) -> str:
    held = _open(stored).count()
    devices = Device.objects.filter(licence_type=stored, removed_at__isnull=True).count()
    return f"{max(held, devices)} licence(s) are in use" if held or devices else ""


def _holders_without_base(stored: LicenceType, change: TypeChange, _wanted: CatalogueSpec) -> str:
    if not change.spec.needs or stored.held_by == HeldBy.DEVICE:
        return ""
    bases = Assignment.objects.filter(released_at__isnull=True, pool__licence_type__key__in=change.spec.needs)
    without = _open(stored).exclude(user_id__in=bases.values("user_id")).count()
    return f"{without} user(s) hold it without any of these" if without else ""


def _holders_of_two(stored: LicenceType, change: TypeChange, wanted: CatalogueSpec) -> str:
    group = change.spec.exclusive_group
    if not group:
        return ""
    named = {spec.key: spec.exclusive_group for spec in wanted.licence_types}
    others = [key for key, other in named.items() if other == group and key != stored.key]
    elsewhere = LicenceType.objects.filter(exclusive_group=group).exclude(key__in=named)
    others += elsewhere.values_list("key", flat=True)
    second = Assignment.objects.filter(released_at__isnull=True, pool__licence_type__key__in=others)
    both = _open(stored).filter(user_id__in=second.values("user_id")).count()
    return f"{both} user(s) hold another type of this group too" if both else ""


def _synced_holders(stored: LicenceType, _change: TypeChange, _wanted: CatalogueSpec) -> str:
    synced = _open(stored).filter(source=Source.SYNCED).count()
    return f"{synced} licence(s) are kept in step with {stored.sync_source}" if synced else ""


def _open(stored: LicenceType) -> QuerySet[Assignment]:
    return Assignment.objects.filter(pool__licence_type=stored, released_at__isnull=True)


_BROKEN_BY: dict[str, Callable[[LicenceType, TypeChange, CatalogueSpec], str]] = {
    "held_by": _holders,
    "given_by": _pools,
    "needs": _holders_without_base,
    "exclusive_group": _holders_of_two,
    "sync_source": _synced_holders,
    "charge_model": _pools,
    "counting_rule": _pools,
}
