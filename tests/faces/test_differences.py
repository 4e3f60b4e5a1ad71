"""Why an invoice differs from the metrics: the picture, and each line told change by change."""

from urllib.parse import urlsplit

import html5lib
import pytest
from django.urls import reverse

from charging import bill, given_vendor, noon
from reading import number_of_queries, text_of
from seatledger.domain.invoices.actions import void_invoice
from seatledger.domain.invoices.models import Document
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import PlanChoice, change_plan
from seatledger.domain.subscriptions.models import TakesEffect
from selling import YEARLY, given_subscription
from support import (
    STAFF,
    administrator_of,
    given_account,
    given_pool,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
DIFFERENCE = "/billing/invoices/difference/"


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def visitor(visit_as, account):
    return visit_as(administrator_of(account))


def pool_of(account, key):
    return Pool.objects.get(account=account, licence_type__key=key)


def sell_seats(account):
    """Ten seats from 3 March, two more on the 23rd, both billed."""
    given_vendor()
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    pool = pool_of(account, "professional-user")
    change_total(pool=pool, total=12, reason="More people", at=noon("2026-03-23"), by=STAFF)
    bill(account, "2026-03-23")
    return pool


def tables(answer):
    """Return, line by line, the rows of what it is made of, and its foot."""
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    found = []
    for section in page.findall(".//section"):
        if (section.get("id") or "").startswith("line-"):
            rows = section.findall(".//tbody/tr")
            cells = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
            found.append((cells, " ".join("".join(section.find(".//tfoot").itertext()).split())))
    return found


def test_seats_bought_ahead_are_told_by_who_and_when(visitor, account):  # D23
    pool = sell_seats(account)
    page = visitor.get(DIFFERENCE, {"pool": pool.pk, "period": "2026-03-03--2026-04-03"})
    assert tables(page) == [
        (
            [
                [
                    "3 Mar 2026",
                    "When the period began: 10 in total 3 Mar 2026, 12:00, Admin Team: Licences added",
                    "3 March to 2 April 2026: 10 seats, 120.00",
                    "£120.00",
                ]
            ],
            "The line on the invoice, net £120.00",
        ),
        (
            [
                [
                    "3 Mar 2026",
                    "When the period began: 10 in total 3 Mar 2026, 12:00, Admin Team: Licences added",
                    "Charged by an earlier line.",
                    "£0.00",
                ],
                [
                    "23 Mar 2026",
                    "From 10 to 12 in total 23 Mar 2026, 12:00, Admin Team: Total increased",
                    "23 March to 2 April 2026: 2 seats more, 24.00 x 11/31 days",
                    "£8.52",
                ],
            ],
            "The line on the invoice, net £8.52",
        ),
    ]
    assert text_of(page, "#figures").startswith("When the period began 0 of 10 in use, 3 Mar 2026")
    assert "Billed for the period £128.52 net, 2 lines below" in text_of(page, "#figures")


def test_the_picture_fills_what_each_invoice_billed(visitor, account):
    pool = sell_seats(account)
    chart = visitor.get(DIFFERENCE, {"pool": pool.pk}).context["chart"]
    assert [(fill.name, [(tile.low, tile.high) for tile in fill.tiles]) for fill in chart.fills] == [
        ("INV-1", [(0, 10)]),
        ("INV-2", [(10, 12)]),
    ]
    assert [(line.name, [step.quantity for step in line.steps]) for line in chart.series] == [
        ("Total", [10, 12]),
        ("In use", [0]),
    ]


def test_the_picture_stands_on_the_page_of_the_licences_too(visitor, account):
    pool = sell_seats(account)
    page = visitor.get(reverse("portal:pool", args=[pool.pk]), {"month": "2026-03"})
    assert [fill.name for fill in page.context["chart"].fills] == ["INV-1", "INV-2"]
    assert f'href="{DIFFERENCE}?pool={pool.pk}"' in page.content.decode()
    assert f'href="{DIFFERENCE}"' in visitor.get("/licences/").content.decode()


def test_every_number_leads_to_ledger_entries(visitor, account):
    pool = sell_seats(account)
    page = visitor.get(DIFFERENCE, {"pool": pool.pk})
    links = [part.url for line in page.context["lines"] for part in line.parts]
    assert len(links) == 3
    assert all(visitor.get(link).context["page"].rows for link in links)
    assert {urlsplit(link).path for link in links} == {"/billing/history/"}


def test_what_is_void_is_not_told(visitor, account):
    pool = sell_seats(account)
    invoice = Document.objects.get(issue__reference="INV-2")
    void_invoice(invoice=invoice, reason="Made twice", at=noon("2026-03-24"), by=STAFF)
    page = visitor.get(DIFFERENCE, {"pool": pool.pk})
    assert [line.billed.document.issue.reference for line in page.context["lines"]] == ["INV-1"]


def test_one_line_and_three_take_the_same_number_of_queries(visitor, account):
    pool = sell_seats(account)
    url = f"{DIFFERENCE}?pool={pool.pk}&period=2026-03-03--2026-04-03"
    two = number_of_queries(visitor, url)
    change_total(pool=pool, total=14, at=noon("2026-03-25"), by=STAFF)
    bill(account, "2026-03-25")
    assert number_of_queries(visitor, url) == two


def test_without_an_invoice_the_page_says_so(visitor, account):
    given_pool(account)
    assert "Nothing was billed yet" in text_of(visitor.get(DIFFERENCE))


@pytest.mark.parametrize("query", ["period=2025-01-01--2025-02-01", "period=x", "pool=x"])
def test_what_was_not_billed_is_not_found(visitor, account, query):
    sell_seats(account)
    assert visitor.get(f"{DIFFERENCE}?{query}").status_code == 404


def test_two_periods_that_begin_on_one_day_are_told_apart(visitor, account):
    """The plan goes from monthly to yearly and keeps its anchor."""
    given_vendor()
    subscription = given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    change_plan(
        subscription=subscription,
        choice=PlanChoice(subscription.changes.get().version, YEARLY),
        takes_effect=TakesEffect.AT_ONCE,
        at=noon("2026-03-10"),
        by=STAFF,
    )
    bill(account, "2026-03-10")
    page = visitor.get(DIFFERENCE)
    assert [choice.label for choice in page.context["periods"]] == [
        "3 March 2026 to 2 March 2027",
        "3 March to 2 April 2026",
    ]
    for choice in page.context["periods"]:
        told = visitor.get(DIFFERENCE, {"period": choice.key})
        assert told.context["days"] == choice.label
        assert all(
            sum(part.amount_minor for part in line.parts) == line.billed.charge.amount_minor
            for line in told.context["lines"]
        )


def test_the_neighbour_finds_no_picture(visit_as, account):
    pool = sell_seats(account)
    stranger = visit_as(administrator_of(given_account("Fabrikam")))
    assert stranger.get(DIFFERENCE, {"pool": pool.pk}).status_code == 404
    assert "Nothing was billed yet" in text_of(stranger.get(DIFFERENCE))


def test_who_may_not_see_billing_sees_no_picture_of_it(visit_as, account):
    pool = sell_seats(account)
    role = given_role(account, permissions=[Permission.LICENCES_VIEW])
    viewer = visit_as(given_user(account, roles=[role], at=noon("2026-03-24")))
    assert viewer.get(DIFFERENCE).status_code == 403
    page = viewer.get(reverse("portal:pool", args=[pool.pk]), {"month": "2026-03"})
    assert page.context["chart"].fills == ()
    assert DIFFERENCE not in page.content.decode()
