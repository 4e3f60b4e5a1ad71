"""The regions people can choose: each is a cell of its own, so the choice is a link to the same page there."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html


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
    """Return the sign-in page of a region; its URL is empty where the region has no address."""
    region = settings.SEATLEDGER_REGIONS[key]
    url = f"{region.address}{reverse('account_login')}" if region.address else ""
    return RegionChoice(region.label, url, is_here=key == settings.SEATLEDGER_REGION)


def words_for_who_moved(key: str) -> str:
    """Return what somebody is told whose account went to another region, with the link to sign in there."""
    region = region_link(key)
    if not region.url:
        return format_html("Your account is kept in {} now. Sign in there.", region.label)
    return format_html(
        'Your account is kept in {} now. <a href="{}">Sign in there</a>.', region.label, region.url
    )


def show_moved(request: HttpRequest, region: str) -> HttpResponse:
    """Tell somebody who has signed in that his account is kept, or soon will be, in another region."""
    if region not in settings.SEATLEDGER_REGIONS:
        raise Http404(f"There is no region {region}.")
    return render(request, "account/moved.html", {"region": region_link(region)})
