"""Files of documents: how many a second one core makes, each a page of four lines with its electronic form.

The limit is what no one can do without: setting the same page bare. All the rest, reading the rows, writing XML twice,
declaring it, checking what is there and storing three files, is measured against that.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from measuring import hold, own_database, quartiles_ms, show

from charging import given_vendor
from paper_samples import a_paper, seats
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.drafts import Draft, DraftLine, taxes_of
from seatledger.domain.invoices.models import BillingDetails, Document, DocumentKind, FileKind
from seatledger.domain.invoices.papers.making import make_files
from seatledger.domain.invoices.papers.page import Layout, set_pdf
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.queries import list_unfiled_for_operator
from seatledger.domain.invoices.writing import issue_drafts
from support import given_account

DOCUMENTS = 200
AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
# Reading, XML, declaration and storing together cost no more than the page itself.
MOST_TIMES = 2.5
MOST_MS = 200
MOST_TIMES_FOR_LINES = 8.0
MOST_GROWTH_MB = 60


def main() -> None:
    documents = given_documents(given_account())
    paper = a_paper(*[seats(10 + number) for number in range(4)])
    make_files(paper, FileKind)  # loads fonts and compiles the page's program

    papers = iter_papers(4)
    left = iter(documents)
    bare_ms, whole_ms = quartiles_ms(
        lambda: set_pdf(next(papers), Layout()),
        lambda: store_files(document=next(left), at=AT, by=Actor.system()),
        rounds=60,
    )
    show("a page of 4 lines, set bare", bare_ms)
    hold("its three files, read, made and stored / bare", whole_ms / bare_ms, MOST_TIMES)

    long = iter_papers(40)
    [long_ms] = quartiles_ms(lambda: set_pdf(next(long), Layout()), rounds=15)
    hold("40 lines / 4 lines", long_ms / bare_ms, MOST_TIMES_FOR_LINES)

    before, rest, spent = resident_mb(), list(left), time.process_time()
    for document in rest:
        store_files(document=document, at=AT, by=Actor.system())
    spent_ms = (time.process_time() - spent) * 1000 / len(rest)
    hold("memory that so many documents keep", resident_mb() - before, MOST_GROWTH_MB, "MB")
    # By the processor's clock: how long others had to be waited for says nothing about one core.
    hold("a document's three files: time of the processor", spent_ms, MOST_MS, "ms")
    show("documents a second on one core of its own", 1000 / spent_ms, "1/s")
    began = time.perf_counter()
    assert list_unfiled_for_operator(since=AT) == []
    show("looking for documents without files", (time.perf_counter() - began) * 1000)


def iter_papers(lines: int) -> Iterator[object]:
    """Yield papers of which no two are alike, so that nothing is remembered from the one before."""
    number = 0
    while True:
        number += 1
        yield a_paper(*[seats(number + line, from_day=1 + line % 28) for line in range(lines)])


def given_documents(account: Account) -> list[Document]:
    given_vendor(percent="20")
    BillingDetails.objects.create(account=account, street="4 Mill Lane", city="Leeds", country="GB")
    parties = parties_of(account)
    drafts = []
    for number in range(DOCUMENTS):
        tax = parties.tax_on(AT.date())
        lines = tuple(
            DraftLine(1000 + number + line, tax, text=f"Work on case {number}/{line}") for line in range(4)
        )
        drafts.append(
            Draft(
                account_id=account.pk,
                seller_id=parties.seller.pk,
                kind=DocumentKind.INVOICE,
                currency="GBP",
                dated_on=AT.date(),
                due_on=parties.due_on(AT.date()),
                lines=lines,
                taxes=taxes_of(lines),
                billed_to=parties.billed_to(),
                sold_by=parties.sold_by,
            )
        )
    issue_drafts(drafts, at=AT, by=Actor.system())
    return list_unfiled_for_operator(limit=DOCUMENTS)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    with own_database():
        main()
