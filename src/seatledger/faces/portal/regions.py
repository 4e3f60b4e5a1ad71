"""The regions people can choose: each is a cell of its own, so the choice is a link to the same page there."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True)
class RegionChoice:
    """A region as a page offers it."""

    label: str
    url: str
    is_here: bool


def offer_regions(page: str = "account_login") -> list[RegionChoice]:
    """Return the regions that have an address, and this one, which is marked. Nothing where there is no other one."""
    here = settings.SEATLEDGER_REGION
    offered = [
        RegionChoice(region.label, f"{region.address}{reverse(page)}", is_here=region.key == here)
        for region in settings.SEATLEDGER_REGIONS.values()
        if region.key == here or region.address
    ]
    return offered if len(offered) > 1 else []


def region_link(key: str) -> RegionChoice:
    """Return the sign-in page of a region; without an address there is none to link to."""
    region = settings.SEATLEDGER_REGIONS[key]
    url = f"{region.address}{reverse('account_login')}" if region.address else ""
    return RegionChoice(region.label, url, is_here=key == settings.SEATLEDGER_REGION)
