"""What the other region is told before an account comes: what it must know of by name, and whether it does."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.conf import settings

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType, PlanVersion, Price
from seatledger.domain.invoices.models import BillingDetails, Issue, NumberSeries, Seller
from seatledger.domain.licences.models import Device, Pool, RoleLicence
from seatledger.domain.moves.refusals import DoesNotFit
from seatledger.domain.subscriptions.models import Change

Offer = dict[str, Any]
# By these a legal entity is the same one.
_ENTITY = ("name", "country", "vat_number")


def make_offer(account: Account) -> Offer:
    """Return what an account needs where it goes: licence types, plans as they were agreed, sellers and their series."""
    types = {
        *Pool.objects.filter(account=account).values_list("licence_type__key", flat=True),
        *Device.objects.filter(account=account).values_list("licence_type__key", flat=True),
        *RoleLicence.objects.filter(account=account).values_list("licence_type__key", flat=True),
    }
    versions = PlanVersion.objects.filter(
        pk__in=Change.objects.filter(account=account, version__isnull=False).values("version")
    ).select_related("plan")
    given = NumberSeries.objects.filter(pk__in=Issue.objects.filter(account=account).values("series"))
    sellers = {
        *given.values_list("seller", flat=True),
        *BillingDetails.objects.filter(account=account, seller__isnull=False).values_list(
            "seller", flat=True
        ),
    }
    return {
        "account_id": str(account.pk),
        "region": account.region,
        "licence_types": sorted(types),
        "versions": {f"{version.plan.key}/{version.number}": digest_of(version) for version in versions},
        "sellers": [
            {"key": seller.key, **{name: getattr(seller, name) for name in _ENTITY}}
            for seller in Seller.objects.filter(pk__in=sellers).order_by("key")
        ],
        "series": [
            {
                "seller": series.seller.key,
                "kind": series.kind,
                "region": series.region or account.region,
                "prefix": series.prefix,
            }
            for series in given.select_related("seller").order_by("seller__key", "kind", "region")
        ],
    }


def check_offer(offer: Offer) -> None:
    """See that an account fits in here. Raises DoesNotFit with everything that is missing."""
    if problems := list(_find_problems(offer)):
        raise DoesNotFit(" ".join(problems))


def _find_problems(offer: Offer) -> Iterator[str]:
    here = settings.SEATLEDGER_REGION
    known = set(LicenceType.objects.values_list("key", flat=True))
    if missing := sorted(set(offer["licence_types"]) - known):
        yield f"The catalogue of {here} has no {', '.join(missing)}: apply it there first."
    versions = {
        f"{version.plan.key}/{version.number}": version
        for version in PlanVersion.objects.select_related("plan").filter(
            plan__key__in={name.rpartition("/")[0] for name in offer["versions"]}
        )
    }
    for name, digest in offer["versions"].items():
        if name not in versions or digest_of(versions[name]) != digest:
            yield f"The plan {name} is missing in {here}, or another one: apply the same catalogues there."
    for wanted in offer["sellers"]:
        seller = Seller.objects.filter(key=wanted["key"]).first()
        if seller is None or any(getattr(seller, name) != wanted[name] for name in _ENTITY):
            yield f"The seller {wanted['key']} of {here} is not the same legal entity, or is missing."
    own = set(NumberSeries.objects.filter(region="").values_list("prefix", flat=True))
    for series in offer["series"]:
        if series["region"] != here and series["prefix"] in own:
            yield (
                f"Numbers begin with {series['prefix']} in both regions: give each a prefix of its own, and move"
                " accounts that were billed under the new one."
            )


def digest_of(version: PlanVersion) -> str:
    """Return what tells a plan's version from another one: what is in it, and at which prices."""
    prices = Price.objects.filter(item__version=version).values_list(
        *("item__licence_type__key", "currency", "interval", "interval_count", "unit_amount", "rules")
    )
    items = version.items.values_list("licence_type__key", "licences")
    said = [
        sorted(map(list, items)),
        sorted(json.dumps([*map(_plain, row)], sort_keys=True) for row in prices),
    ]
    return sha256(json.dumps(said).encode()).hexdigest()


def _plain(value: object) -> object:
    return value if isinstance(value, (dict, int, type(None))) else str(value)


def ensure_series(series: list[dict[str, str]]) -> None:
    """Let the numbers that an account brings along have their series: of a region whose numbers are given there."""
    for each in series:
        if each["region"] != settings.SEATLEDGER_REGION:
            NumberSeries.objects.get_or_create(
                seller=Seller.objects.get(key=each["seller"]),
                kind=each["kind"],
                region=each["region"],
                defaults={"prefix": each["prefix"]},
            )
