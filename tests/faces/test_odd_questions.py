"""Every page that is asked with nonsense answers like a page, never with a failure."""

import pytest

from seatledger.domain.licences.actions import assign_licence
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
    given_provider,
    given_user,
)

pytestmark = pytest.mark.django_db

ODD = (
    "\ud800".encode(errors="surrogatepass").decode(errors="replace"),
    "\u202e",
    "'; DROP TABLE x; --",
    "%00",
    "9999-12-31",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "-1",
    "9" * 400,
    "WyJhIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0",  # ["a", an id]
    "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwiOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ",  # a late instant, a huge number
    "WyJcdWQ4MDAiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ",  # half a surrogate pair, an id
)


# Which pages read which part of their address: below the root, below a pool, below a customer.
HISTORIES = ("billing/history/", "billing/history.csv", "{customer}history/", "{customer}history.csv")
LISTS = (*HISTORIES[::2], "devices/", "customers/", "{pool}holders", "{customer}licences/{theirs}/holders")
READ_BY = {
    "after": LISTS,
    "search": (*LISTS[2:], "{pool}assign", "{move}"),
    "type": (*HISTORIES, "devices/", "devices/new", "customers/", "billing/request"),
    "kind": HISTORIES,
    "first": HISTORIES,
    "last": HISTORIES,
    "holder": HISTORIES,
    "at": ("licences/", "{customer}licences/"),
    "month": ("{pool}",),
    "user": ("billing/", "{pool}assign", "{move}"),
}


@pytest.fixture
def asked(visit_as):
    """Return a visitor who may see everything, and what the parts of his addresses stand for."""
    provider = given_provider()
    customer = given_account("Contoso", provider=provider)
    theirs, ours = given_pool(customer), given_pool(provider)
    given_device(given_pool(provider, given_device_type()))
    seat = assign_licence(pool=ours, user=given_user(provider), at=LATER, by=STAFF)
    places = {
        "customer": f"customers/{customer.pk}/",
        "pool": f"licences/{ours.pk}/",
        "theirs": theirs.pk,
        "move": f"licences/assignments/{seat.pk}/move",
    }
    return visit_as(administrator_of(provider)), places


@pytest.mark.parametrize("name", READ_BY)
def test_odd_values_never_make_a_page_fail(asked, name):
    visitor, places = asked
    answers = {
        (address, value): visitor.get("/" + address.format(**places), {name: value}).status_code
        for address in READ_BY[name]
        for value in ODD
    }
    assert {pair: status for pair, status in answers.items() if status not in {200, 400, 404, 422}} == {}


def test_a_nul_is_refused_before_anything_reads_it(asked):
    visitor, places = asked
    assert visitor.get("/billing/history/", {"holder": "\x00"}).status_code == 400
    assert visitor.get("/" + places["pool"], {"month": "\x00"}).status_code == 400
