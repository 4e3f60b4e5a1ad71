"""What of the demo a cell loads: all of it where it is alone, its region's part where each region has a cell."""

from dataclasses import replace

from django.conf import settings

from seatledger.domain.invoices.seller_specs import SellerSpec
from seatledger.faces.cli.demo.clientele import CLIENTS
from seatledger.faces.cli.demo.organisations import ORGANISATIONS, Organisation


def organisations_here() -> list[Organisation]:
    """Return the organisations of this cell, a provider before its customers."""
    here = settings.SEATLEDGER_REGION
    return [each for each in ORGANISATIONS if not _has_neighbours() or each.region == here]


def clients_here() -> tuple[Organisation, ...]:
    """Return the small customers: those of a cell that is alone."""
    return () if _has_neighbours() else CLIENTS


def seller_here(seller: SellerSpec) -> SellerSpec:
    """Return the seller with prefixes of this region: cells of one legal entity never give the same number."""
    if not _has_neighbours():
        return seller
    region = settings.SEATLEDGER_REGION.upper()
    return replace(seller, prefixes={kind: f"{region}-{prefix}" for kind, prefix in seller.prefixes.items()})


def _has_neighbours() -> bool:
    regions = settings.SEATLEDGER_REGIONS
    return any(region.address for key, region in regions.items() if key != settings.SEATLEDGER_REGION)
