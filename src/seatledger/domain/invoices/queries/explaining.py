"""Why a line is what it is, worked out again from what was stored with it."""

from dataclasses import dataclass

from seatledger.domain.invoices.models import Document, DocumentKind, Issue, Line
from seatledger.domain.invoices.queries.crediting import describe_row
from seatledger.domain.invoices.workings import read_line
from seatledger.engine.lines import work_out
from seatledger.engine.money import Money
from seatledger.engine.words import explain_line
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


@dataclass(frozen=True)
class Explanation:
    """A line, why it is what it is, and what it comes to when it is worked out again (None: a person wrote it)."""

    title: str
    stated: Money
    sentences: tuple[str, ...]
    worked_out: Money | None
    totals_agree: bool = True

    @property
    def agrees(self) -> bool:
        return self.totals_agree and self.worked_out in {None, self.stated}


def get_issued_for_operator(reference: str) -> Document:
    """Return the document with this number, of whichever account. Raises NotFound."""
    wanted = clean_search(reference).upper()
    related = ("document__account", "document__void", "document__corrects__issue")
    issue = Issue.objects.filter(reference=wanted).select_related(*related).first()
    if issue is None:
        raise NotFound("invoice or credit note", "")
    return issue.document


def explain_line_for_operator(document: Document, position: int) -> Explanation:
    """Work a line of an issued document out again, and say in plain sentences why it is what it is.

    Nothing but what is stored with the line is asked, so it does not matter what became of the catalogue. Raises NotFound.
    """
    row = Line.objects.filter(document=document, position=position).first()
    if row is None:
        raise NotFound("line", f" on {document.issue.reference}")
    title = f"{document.issue.reference}, line {position}: {_what_for(row)}"
    stated = Money(row.amount_minor, document.currency)
    if row.item_id is None:
        return Explanation(title, stated, _written_by_a_person(document, row), None)
    stored = read_line(row)
    line = work_out(stored.item, stored.rate, stored.scale, stored.shape)
    # Amounts of a credit note are positive and count for the customer.
    worked_out = -line.amount if document.kind == DocumentKind.CREDIT_NOTE else line.amount
    return Explanation(title, stated, explain_line(line), worked_out, stored.totals == line.totals)


def _what_for(row: Line) -> str:
    what = describe_row(row)
    return f"{row.licence_name}, {what}" if row.licence_name else what


def _written_by_a_person(document: Document, row: Line) -> tuple[str, ...]:
    if row.of_position is None:
        return ("A person wrote this line; nothing was worked out.",)
    original = document.corrects
    assert original is not None, "a credit for a line corrects the invoice that the line is on"
    reason = f"The reason given is: {document.reason}." if document.reason else ""
    told = f"A person credited line {row.of_position} of {original.issue.reference}. {reason}".strip()
    return (
        told,
        f"What that line comes to: seatledger explain {original.issue.reference}/{row.of_position}.",
    )
