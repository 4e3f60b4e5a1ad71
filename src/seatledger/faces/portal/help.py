"""The help page on licensing: the words, and the account's own licence types with their rules."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import GivenBy, HeldBy
from seatledger.domain.catalogue.words import charging_in_words
from seatledger.domain.licences.access import grace_of
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import brand_words_of, branded, list_pools
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private


@dataclass(frozen=True)
class TypeRules:
    """A licence type's rules in words."""

    name: str
    former_names: tuple[str, ...]
    description: str
    charging: str
    rules: tuple[str, ...]


@private(None)
@require_GET
def show_licensing(request: PortalRequest) -> HttpResponse:
    """Explain licences in plain words, and what holds for the account's own types."""
    context = {
        "grace": grace_of(request.account),
        "types": rules_of(request.account),
        "may_see_invoices": Permission.BILLING_VIEW in request.permissions,
    }
    return render(request, "portal/help_licensing.html", context)


def rules_of(account: Account) -> list[TypeRules]:
    """Return the rules of the licence types an account has, in the metrics' order."""
    words, pools = brand_words_of(account), list_pools(account)
    prefetch_related_objects([pool.licence_type for pool in pools], "needs__product")
    return [_rules_of(pool, words) for pool in pools]


def _rules_of(pool: Pool, words: dict[str, str]) -> TypeRules:
    kind = pool.licence_type
    own = kind.product.brand_words
    return TypeRules(
        name=branded(kind.name, own, words),
        former_names=tuple(branded(name, own, words) for name in kind.former_names),
        description=kind.description,
        charging="Included: nothing is charged for it."
        if pool.terms == Terms.INCLUDED
        else f"{charging_in_words(kind)}.",
        rules=tuple(_sentences(pool, words)),
    )


def _sentences(pool: Pool, words: dict[str, str]) -> list[str]:
    kind = pool.licence_type
    said = ["Held by devices, from the moment they are added." if kind.held_by == HeldBy.DEVICE else ""]
    if kind.given_by == GivenBy.ACTIVATION:
        said.append("Every active user holds one: activating takes it, deactivating frees it.")
    if needed := sorted(branded(base.name, base.product.brand_words, words) for base in kind.needs.all()):
        said.append(f"An add-on: its holder needs {' or '.join(needed)} too.")
    if kind.lock_days:
        said.append(f"Locked for {kind.lock_days} days once assigned: it can be neither released nor moved.")
    if kind.exclusive_group:
        said.append("A level: each user has one level of this kind at a time.")
    if kind.sync_source:
        said.append(f"Can be kept in step with the {kind.sync_source.upper()}, or assigned by hand.")
    if kind.kinds_by_licence:
        kinds = " or ".join(sorted(set(kind.kinds_by_licence.values())))
        said.append(f"Its kind ({kinds}) follows from the licence of the user it belongs to.")
    return [sentence for sentence in said if sentence]
