"""What staff credit can be sent as an electronic invoice: the rules of EN 16931 hold though its tax is a difference."""

import pytest

from charging import given_vendor, noon
from invoicing import REDUCED, given_invoice
from seatledger.domain.invoices.actions import (
    NewDetails,
    change_billing_details,
    credit_account,
    credit_invoice,
)
from seatledger.domain.invoices.crediting import ChosenLines, Everything, GrossAmount
from seatledger.domain.invoices.models import Document
from seatledger.domain.invoices.papers.cii import write_cii
from seatledger.domain.invoices.papers.semantics import find_obstacles, structured
from seatledger.domain.invoices.papers.ubl import write_ubl
from seatledger.domain.invoices.queries import get_document, get_paper
from structured_rules import broken_rules
from support import LATER, STAFF, given_account

pytestmark = pytest.mark.django_db

LEEDS = NewDetails(street="2 Low Street", city="Leeds", country="GB", postcode="LS1 4AP")


def rules_broken_by(document: Document) -> list[str]:
    paper = get_paper(document.account, get_document(document.account, document.pk))
    assert find_obstacles(paper) == ()
    invoice = structured(paper)
    return [*broken_rules("cii", write_cii(invoice)), *broken_rules("ubl", write_ubl(invoice))]


def test_no_rule_is_broken_by_credits_of_any_sort():
    account = given_account()
    given_vendor(percent="20")
    change_billing_details(account=account, details=LEEDS, at=LATER, by=STAFF)
    invoice = given_invoice(account, [6833, 6833, 5750, (8500, REDUCED), -1000])
    said = {"reason": "Not as agreed", "at": noon("2026-03-10"), "by": STAFF}
    notes = [
        credit_invoice(invoice=invoice, credit=what, **said)
        for what in (ChosenLines(frozenset({1})), GrossAmount(1), GrossAmount(10000), Everything())
    ]
    # Of the second note, the tax is a penny and the net is nothing, or the other way round.
    assert notes[1].total_minor == 1
    gesture = credit_account(account=account, amount_minor=1999, text="For the trouble", **said)
    for document in (invoice, *notes, gesture):
        assert rules_broken_by(document) == [], document
