"""The sign-in page offers the regions, as plain links; the demo of a cell holds the customers of its region."""

import re

from django.test import Client

from seatledger.config.regions import Region
from seatledger.faces.cli.demo.here import organisations_here

REGIONS = {
    "eu": Region("eu", "EU/EEA (Germany West Central)", "https://eu.example"),
    "uk": Region("uk", "United Kingdom (UK South)", "https://uk.example"),
    "us": Region("us", "United States (US East)"),
}


def links_of(page: str) -> list[tuple[str, bool, str]]:
    """Return address, whether it is marked, and words of each region's link."""
    found = re.search(r'<nav class="regions".*?</nav>', page, re.DOTALL)
    rows = re.findall(r'<a href="([^"]+)"\s*(aria-current="page")?>([^<]+)', found[0] if found else "")
    return [(url, bool(mark), words) for url, mark, words in rows]


def test_the_sign_in_page_links_to_the_other_regions(db, settings):  # A11
    settings.SEATLEDGER_REGIONS = REGIONS
    page = Client().get("/accounts/login/").content.decode()
    assert links_of(page) == [
        ("https://eu.example/accounts/login/", True, "EU/EEA (Germany West Central)"),
        ("https://uk.example/accounts/login/", False, "United Kingdom (UK South)"),
    ]


def test_a_cell_alone_offers_no_choice(db):
    assert links_of(Client().get("/accounts/login/").content.decode()) == []


def test_each_cell_has_customers_of_its_own(settings):
    alone = {each.name for each in organisations_here()}
    settings.SEATLEDGER_REGIONS = {key: Region(key, key, "http://localhost") for key in REGIONS}
    names = {}
    for key in REGIONS:
        settings.SEATLEDGER_REGION = key
        names[key] = {each.name for each in organisations_here()}
    assert all(names.values())
    assert sum(map(len, names.values())) == len(alone)
    assert set.union(*names.values()) == alone
