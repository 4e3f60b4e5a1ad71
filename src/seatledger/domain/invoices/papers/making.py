"""Making: the files of a paper. Loaded by what makes files alone: setting pages needs more memory than a request has use for."""

from collections.abc import Collection, Mapping

from seatledger.domain.invoices.models import FileKind
from seatledger.domain.invoices.papers.cii import write_cii
from seatledger.domain.invoices.papers.content import Logo, Paper
from seatledger.domain.invoices.papers.envelope import declare_facturx
from seatledger.domain.invoices.papers.page import Layout, Size, set_pdf
from seatledger.domain.invoices.papers.semantics import find_obstacles, structured
from seatledger.domain.invoices.papers.ubl import write_ubl


def make_files(
    paper: Paper, kinds: Collection[FileKind], *, logo: Logo | None = None
) -> Mapping[FileKind, bytes]:
    """Return a paper's files by kind; without those in XML when it cannot be told as an electronic invoice.

    Every PDF of a paper that can carries its electronic form inside.
    """
    layouts = {
        FileKind.PDF: Layout(Size.A4, logo=logo),
        FileKind.PDF_LETTER: Layout(Size.LETTER, logo=logo),
        FileKind.PDF_WORKING: Layout(Size.A4, with_working=True, logo=logo),
    }
    if find_obstacles(paper):
        return {kind: set_pdf(paper, layout) for kind, layout in layouts.items() if kind in kinds}
    invoice = structured(paper)
    xml = write_cii(invoice)
    files = {
        kind: declare_facturx(set_pdf(paper, layout, attached=xml))
        for kind, layout in layouts.items()
        if kind in kinds
    }
    if FileKind.CII in kinds:
        files[FileKind.CII] = xml
    if FileKind.UBL in kinds:
        files[FileKind.UBL] = write_ubl(invoice)
    return files
