"""Users come and go on the pages; nothing is charged at that moment, and the next invoice has it all."""

import pytest
from django.test import Client
from django.urls import reverse

from reading import rows_of, text_of
from seatledger.domain.catalogue.models import ChargeModel, GivenBy
from seatledger.domain.invoices.models import Document
from seatledger.faces.ui.formats import NOTHING
from seatledger.shared.boundary import unbind
from support import administrator_of

ACTIVE_USER = "active-user"


@pytest.fixture
def months(story, monkeypatch):
    """Northwind pays 12.00 a month for each active user: nine from 1 March besides Ann Lee, and one who is not active."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: story.now)
    story.on("2026-03-01")
    story.given_licence(ACTIVE_USER, charge_model=ChargeModel.ACTIVE, given_by=GivenBy.ACTIVATION)
    story.given_plan("team", prices={ACTIVE_USER: "12.00"})
    story.given_account(plan="team")
    story.given_subscription("team")
    story.when_user_joins("Ben Okoro", "Cleo Marsh", *(f"User {number}" for number in range(8)))
    story.when_user_is_deactivated("Cleo Marsh")
    return story


def ask(story, name, *args, **query):
    """Return a page of the portal as Ann Lee sees it at this moment of the story."""
    visitor = Client()
    visitor.force_login(administrator_of(story.account))
    unbind()
    answer = visitor.get(reverse(f"portal:{name}", args=args), query)
    unbind()
    return answer


def select_and(story, do, name):
    """Select a user on the page Users and press a button."""
    visitor = Client()
    visitor.force_login(administrator_of(story.account))
    unbind()
    answer = visitor.post(
        reverse("portal:change_selected_users"), {"do": do, "user": story.user(name).pk}, follow=True
    )
    unbind()
    return answer


def test_a_deactivation_and_an_activation_are_on_the_next_invoice_and_nowhere_before(months):  # C17, C20, C25
    story = months
    story.when_billing_runs()
    story.on("2026-03-11")
    users = select_and(story, "deactivate", "Ben Okoro")
    assert f"ben.okoro@northwind.example {NOTHING} No" in text_of(users)
    story.when_billing_runs()
    story.on("2026-03-21")
    users = select_and(story, "activate", "Cleo Marsh")
    assert f"cleo.marsh@northwind.example {NOTHING} Yes" in text_of(users)
    story.when_billing_runs()
    story.then_nothing_is_charged()

    # What was promised the day before is what comes: 11 days of 10 users, 9 of 9, 11 of 10, at 12.00 for 31 days.
    story.on("2026-03-31")
    coming = text_of(ask(story, "pool", story.pool(ACTIVE_USER).pk), "#coming")
    assert coming.startswith("Next invoice, 1 Apr 2026 If nothing changes until then, net")
    assert "9 to 10 seats, 1 to 31 March 2026" in coming
    assert coming.endswith("£116.52")

    story.on("2026-04-01").when_billing_runs()
    invoice = story.then_invoice_has("116.52 for 9 to 10 seats, 1 to 31 March 2026", total="116.52")
    story.then_nothing_is_charged()
    assert rows_of(ask(story, "invoices"), "transactions") == [
        ["1 Apr 2026", "Invoice INV-1", "Due", "£116.52", "£116.52"]
    ]
    working = text_of(ask(story, "invoice", invoice.pk), ".//*[@id='line-1']//ul")
    assert working == (
        "1 to 11 March 2026: 10 seats, 120.00 x 11/31 days."
        " 12 to 20 March 2026: 9 seats, 108.00 x 9/31 days."
        " 21 to 31 March 2026: 10 seats, 120.00 x 11/31 days."
        " Together 116.516129..., rounded 116.52."
        " The amount is 116.52 GBP."
    )


def test_the_invoice_is_told_by_who_did_what_when(months):  # D23
    story = months
    story.on("2026-03-11")
    select_and(story, "deactivate", "Ben Okoro")
    story.on("2026-03-21")
    select_and(story, "activate", "Cleo Marsh")
    story.on("2026-04-01").when_billing_runs()
    invoice = Document.objects.get(account=story.account)
    page = ask(story, "difference", pool=story.pool(ACTIVE_USER).pk)
    rows = [[cell.replace(" ,", ",") for cell in row] for row in rows_of(page, f"line-{invoice.pk}-1")]
    assert rows[0] == ["1 Mar 2026", "When the period began: 0 in use", "Nothing to charge for yet.", "£0.00"]
    assert rows[1][0] == "1 Mar 2026"
    assert rows[1][1].startswith("From 0 to 10 in use 1 Mar 2026, 12:00, Admin Team : Assigned, Ann Lee")
    assert rows[1][1].endswith("and 7 more")
    assert rows[1][2:] == ["1 to 31 March 2026: 10 seats, 120.00", "£120.00"]
    assert rows[2:] == [
        [
            "11 Mar 2026",
            "From 10 to 9 in use 11 Mar 2026, 12:00, Ann Lee : Released, Ben Okoro",
            "12 to 31 March 2026: 1 seat fewer, -12.00 x 20/31 days",
            "-£7.74",
        ],
        [
            "21 Mar 2026",
            "From 9 to 10 in use 21 Mar 2026, 12:00, Ann Lee : Assigned, Cleo Marsh",
            "21 to 31 March 2026: 1 seat more, 12.00 x 11/31 days",
            "£4.26",
        ],
    ]
    assert text_of(page, f".//*[@id='line-{invoice.pk}-1']//tfoot").endswith("£116.52")
    assert [tile.high for fill in page.context["chart"].fills for tile in fill.tiles] == [10, 9, 10]
