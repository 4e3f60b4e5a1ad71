"""The regions on the sign-in pages, what somebody is told whose account moved, and the demo of a cell."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from signing_in import given_person, is_signed_in, page_of, sign_in

from delivery import forget_the_jobs
from seatledger.config.regions import Region
from seatledger.domain.accounts.models import Account
from seatledger.domain.moves.actions import begin_move, give_up, switch
from seatledger.domain.moves.models import Move, MoveState
from seatledger.domain.people.models import User
from seatledger.faces.cli.demo.here import organisations_here
from support import STAFF

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


@pytest.fixture
def ben(db, settings) -> User:
    settings.SEATLEDGER_REGIONS = REGIONS
    return given_person()


def hold(user: User) -> Move:
    forget_the_jobs()
    return begin_move(account=user.account, to="uk", at=timezone.now(), by=STAFF)


def test_who_signs_in_while_the_account_moves_is_sent_to_the_other_region(anyone, ben):
    assert sign_in(anyone, ben.email).url == "/"
    assert is_signed_in(anyone)
    move = hold(ben)
    assert not is_signed_in(anyone)
    answer = sign_in(anyone, ben.email)
    assert answer.url == "/accounts/moved/uk/"
    page = page_of(anyone.get(answer.url))
    assert "It moved to United Kingdom (UK South)." in page
    assert 'href="https://uk.example/accounts/login/"' in page
    assert not is_signed_in(anyone)
    give_up(move=move, at=timezone.now(), by=STAFF)
    assert sign_in(anyone, ben.email).url == "/"


def test_who_is_not_found_any_more_is_told_where_the_account_is(anyone, ben):
    move = hold(ben)
    Move.objects.filter(pk=move.pk).update(state=MoveState.RECEIVED)
    switch(move=move, at=timezone.now(), by=STAFF)
    Account.objects.filter(pk=ben.account_id).update(moving_to="")
    User.objects.filter(pk=ben.pk).update(email="gone@northwind.example")
    page = page_of(sign_in(anyone, ben.email))
    assert (
        'Your account is kept in United Kingdom (UK South) now. <a href="https://uk.example/accounts/login/">'
        "Sign in there</a>." in page
    )
    assert "Sign in there" not in page_of(sign_in(anyone, "nobody@northwind.example"))


def test_a_region_without_an_address_has_no_link_and_none_has_no_page(anyone, ben):
    page = page_of(anyone.get("/accounts/moved/us/"))
    assert "United States (US East)" in page
    assert "Sign in there" not in page
    assert anyone.get("/accounts/moved/mars/").status_code == 404
