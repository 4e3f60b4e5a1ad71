"""A document as PDF: what a reader sees, what an archive wants, and what travels inside."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import facturx
import pikepdf
import pypdf
import pytest
from lxml import etree
from PIL import Image, ImageOps

from paper_samples import NORTHWIND, VENDOR, a_credit_note, a_paper, credit, seats, used
from seatledger.domain.invoices.papers.cii import write_cii
from seatledger.domain.invoices.papers.content import Logo, Paper
from seatledger.domain.invoices.papers.envelope import declare_facturx
from seatledger.domain.invoices.papers.page import Layout, Size, set_pdf, set_pictures
from seatledger.domain.invoices.papers.semantics import structured
from seatledger.domain.invoices.papers.transfer_code import transfer_code_text

TESTS = Path(__file__).resolve().parent.parent
MILLIMETRES = 72 / 25.4


def pages_of(paper: Paper, layout: Layout | None = None) -> list[str]:
    """Return the text of each page, line by line as a reader would copy it."""
    reader = pypdf.PdfReader(io.BytesIO(set_pdf(paper, layout or Layout())))
    return [page.extract_text() for page in reader.pages]


def facturx_of(paper: Paper, layout: Layout | None = None) -> tuple[bytes, bytes]:
    """Return the PDF with its XML inside, and the XML."""
    xml = write_cii(structured(paper))
    return declare_facturx(set_pdf(paper, layout or Layout(), attached=xml)), xml


def texts_missing(page: str, *wanted: str) -> list[str]:
    return [text for text in wanted if text not in page]


def test_an_invoice_shows_all_that_it_must():
    paper = a_paper(seats(10), seats(2, from_day=21), ("Setting up", 25000), taxed=[("S", "20"), ("S", "5")])
    [page] = pages_of(paper)
    assert (
        texts_missing(
            page,
            *("Invoice INV-2026-0042", "2 March 2026", "1 April 2026", "PO-2026-0117", "EU-4T7K-9QX2"),
            *("Northwind Trading Ltd", "4 Mill Lane", "Leeds LS1 3AB", "United Kingdom"),
            *("Meridian Software Ltd", "VAT number GB980780684", "Companies House 01234567"),
            *("10 seats, 1 to 31 March 2026", "2 seats, 21 to 31 March 2026", "Setting up"),
            *("120.00", "8.52", "250.00", "378.52", "24.00", "12.93"),
            *("GB33 BUKB 2020 1555 5555 55", "BUKBGB22", "GBP\u00a0415.45", "Page 1 of 1"),
        )
        == []
    )


def test_a_part_paid_by_credit_is_shown():
    [page] = pages_of(a_paper(seats(10), credit_used_minor=4400))
    assert texts_missing(page, "144.00", "Less your credit", "\u221244.00", "GBP\u00a0100.00") == []


def test_an_invoice_in_euro_has_a_square_that_banking_apps_read():
    in_euro = {
        "currency": "EUR",
        # A BIC's last three letters name a branch, these the head office. Source: ISO 9362.
        "sold_by": VENDOR | {"iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"},
    }
    paper = a_paper(seats(10, currency="EUR"), credit_used_minor=4400, **in_euro)
    assert transfer_code_text(paper).split("\n") == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Meridian Software Ltd", "DE89370400440532013000"),
        *("EUR100.00", "", "", "INV-2026-0042"),
    ]
    assert [transfer_code_text(other) for other in without_a_code(in_euro)] == [""] * 4
    assert texts_missing(pages_of(paper)[0], "Scan to pay") == []
    assert texts_missing(pages_of(a_paper(seats(10)))[0], "Scan to pay") == ["Scan to pay"]


def without_a_code(in_euro: dict[str, Any]) -> list[Paper]:
    """Return papers in another currency, without an account, with nothing to pay, and that give money back."""
    return [
        a_paper(seats(10)),
        a_paper(seats(10, currency="EUR"), currency="EUR", sold_by=VENDOR | {"iban": ""}),
        a_paper(seats(10, currency="EUR"), credit_used_minor=14400, **in_euro),
        a_credit_note(credit(3, 0, from_day=2, currency="EUR"), **in_euro),
    ]


def test_nothing_asks_for_money_where_nothing_is_open():
    [page] = pages_of(a_paper(seats(10), credit_used_minor=14400))
    assert texts_missing(page, "Nothing is left to pay") == []
    assert texts_missing(page, "IBAN", "To pay by") == ["IBAN", "To pay by"]


def test_a_credit_note_says_what_it_is_for_and_asks_for_nothing():
    [page] = pages_of(a_credit_note(credit(10, 7, from_day=11), reason="Three seats given back"))
    wanted = (
        "Credit note CN-2026-0007",
        "INV-2026-0042",
        "2 February 2026",
        "Three seats given back",
        "29.27",
    )
    assert texts_missing(page, *wanted) == []
    assert texts_missing(page, "IBAN") == ["IBAN"]


def test_a_reverse_charge_is_explained():
    page = "\n".join(pages_of(a_paper(seats(10), taxed=[("AE", "0")])))
    assert texts_missing(page, "Reverse charge: the customer accounts for the tax.", "0\u00a0%") == []


def test_a_long_invoice_repeats_its_head_and_numbers_its_pages():
    pages = pages_of(a_paper(*[seats(number % 9 + 1) for number in range(70)]))
    assert len(pages) >= 3
    numbers = [f"Page {number} of {len(pages)}" for number in range(1, len(pages) + 1)]
    for page, number in zip(pages, numbers, strict=True):
        assert texts_missing(page, number, "INV-2026-0042", "Northwind Trading Ltd") == []
    with_lines = [page for page in pages if "Essential User" in page]
    assert all("Amount (GBP)" in page for page in with_lines)
    assert sum(page.count("Essential User") for page in pages) == 70


def test_the_working_is_told_on_request_alone():
    paper = a_paper(seats(2, from_day=21), used((1, 10, 4), (11, 31, 6)))
    [without] = pages_of(paper)
    _, working = pages_of(paper, Layout(with_working=True))
    assert texts_missing(without, "How each amount comes about") == ["How each amount comes about"]
    told = [sentence for line in paper.lines for sentence in line.working]
    assert texts_missing(" ".join(working.split()), *told) == []


@pytest.mark.parametrize(("size", "width", "height"), [(Size.A4, 210, 297), (Size.LETTER, 215.9, 279.4)])
def test_a_page_has_the_size_that_was_asked_for(size, width, height):
    reader = pypdf.PdfReader(io.BytesIO(set_pdf(a_paper(seats(1)), Layout(size))))
    box = reader.pages[0].mediabox
    assert (round(box.width / MILLIMETRES, 1), round(box.height / MILLIMETRES, 1)) == (width, height)


@pytest.mark.parametrize(
    "name",
    [
        "Ελληνική Εταιρεία Λογισμικού",
        "Общество «Северный ветер»",
        "株式会社北風商事",
        "北风软件有限公司",
        "주식회사 북풍",
        "Þór & Çağlayan Łódź",
        "Công ty Gió Bắc",
    ],
)
def test_names_are_set_in_their_own_letters(name):
    [page] = pages_of(a_paper(seats(1), billed_to=NORTHWIND | {"name": name}))
    assert texts_missing(page, *name.split()) == []


@pytest.mark.parametrize("name", ["شركة ريح الشمال", "חברת רוח הצפון", "บริษัท ลมเหนือ", "उत्तरी हवा"])
def test_names_that_run_or_join_otherwise_are_set_too(name):
    """How such text is copied out of a PDF differs by reader; what counts is that no character is missing."""
    pdf = set_pdf(a_paper(seats(1), billed_to=NORTHWIND | {"name": name}), Layout())
    plain = set_pdf(a_paper(seats(1), billed_to=NORTHWIND | {"name": "x"}), Layout())
    assert len(fonts_of(pdf)) > len(fonts_of(plain))


def test_a_character_that_no_font_has_is_shown_as_missing():
    [page] = pages_of(a_paper(seats(1), billed_to=NORTHWIND | {"name": "Ⴄ 🜁 Ltd\u2067"}))
    assert texts_missing(page, "\ufffd \ufffd Ltd") == []


def test_long_words_and_many_digits_stay_on_the_page():
    """What runs over the edge is lost in print. All ink lies within the margins."""
    known = VENDOR | {"name": "Meridian International Software Licensing Holding of Northern Europe Limited"}
    customer = NORTHWIND | {"name": "N" * 90, "street": "S" * 100, "purchase_order": "9" * 45}
    paper = a_paper(("W" * 100, 10**12), reason="R" * 120, sold_by=known, billed_to=customer)
    for size in Size:
        [picture] = set_pictures(paper, Layout(size), dots_per_inch=72)
        with Image.open(io.BytesIO(picture)) as opened:
            ink = ImageOps.invert(opened.convert("L")).getbbox()
            assert ink[2] <= opened.width - 19 * MILLIMETRES


def test_no_text_is_taken_for_markup():
    [page] = pages_of(a_paper(("#panic() *bold* $x$ `code` <tag> \\", 100)))
    assert texts_missing(page, "#panic() *bold* $x$ `code` <tag> \\") == []


def test_a_logo_stands_in_for_the_wordmark():
    picture = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
    )
    [page] = pages_of(a_paper(seats(1)), Layout(logo=Logo(picture, "svg")))
    [wordmark] = pages_of(a_paper(seats(1)))
    assert wordmark.count("Meridian Software Ltd") - page.count("Meridian Software Ltd") == 1


def test_the_same_document_is_the_same_file_in_any_process():
    script = (
        "import hashlib, django; django.setup();"
        "from paper_samples import *; from domain.test_paper_pages import facturx_of;"
        "print(hashlib.sha256(facturx_of(a_paper(seats(10)))[0]).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=TESTS, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert facturx_of(a_paper(seats(10))) == facturx_of(a_paper(seats(10)))


def test_threads_do_not_mix_up_their_papers():
    papers = [a_paper((f"Work for customer {number}", 100 + number)) for number in range(8)]
    alone = [set_pdf(paper, Layout()) for paper in papers]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            assert list(threads.map(lambda paper: set_pdf(paper, Layout()), papers)) == alone


def test_a_page_can_be_looked_at():
    [picture] = set_pictures(a_paper(seats(1)), Layout())
    assert picture.startswith(b"\x89PNG")


def test_the_xml_travels_inside():
    paper = a_paper(seats(10))
    pdf, xml = facturx_of(paper)
    assert facturx.get_xml_from_pdf(pdf, check_xsd=True) == ("factur-x.xml", xml)
    assert facturx.get_facturx_level(etree.fromstring(xml)) == "en16931"


def fonts_of(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {
            str(font.BaseFont) for page in opened.pages for font in page.Resources.get("/Font", {}).values()
        }


# PDF/A-3: what can be checked without veraPDF, for which there is no package. Source: ISO 19005-3.
@pytest.mark.parametrize("paper", [a_paper(seats(10)), a_credit_note(credit(10, 7, from_day=11))])
def test_the_pdf_is_fit_for_an_archive(paper):
    pdf, xml = facturx_of(paper)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        [intent] = root.OutputIntents
        assert (str(intent.S), "/DestOutputProfile" in intent) == ("/GTS_PDFA1", True)
        assert (bool(root.MarkInfo.Marked), "/StructTreeRoot" in root, str(root.Lang)) == (True, True, "en")
        [attached] = root.AF
        embedded = attached.EF.F
        assert str(attached.AFRelationship) == "/Alternative"
        assert (str(attached.UF), str(embedded.Subtype), embedded.read_bytes()) == (
            "factur-x.xml",
            "/text/xml",
            xml,
        )
        assert "/ModDate" in embedded.Params
        assert [name for name, _ in opened.attachments.items()] == ["factur-x.xml"]
        assert ("/Encrypt" in opened.trailer, "/ID" in opened.trailer) == (False, True)
        assert "/Filter" not in root.Metadata
        assert unembedded_fonts(opened) == []
        assert opened.check_pdf_syntax() == []


def unembedded_fonts(pdf: pikepdf.Pdf) -> list[str]:
    found = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in found]
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return [str(each.FontName) for each in descriptors if not any(file in each for file in files)]


def test_the_metadata_says_what_the_file_is():
    pdf, _ = facturx_of(a_paper(seats(10)))
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as said:
        facturx_says = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
        assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "A", "1")
        names = ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
        assert [said[f"{facturx_says}{name}"] for name in names] == [
            "INVOICE",
            "factur-x.xml",
            "1.0",
            "EN 16931",
        ]
        assert (said["dc:title"], said["xmp:CreateDate"]) == ("Invoice INV-2026-0042", "2026-03-02T00:00:00Z")
        text = opened.Root.Metadata.read_bytes().decode()
        assert text.count("<pdfaExtension:schemas>") == 1
        assert text.count("urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</") == 1


def test_an_invoice_without_xml_is_fit_for_an_archive_too():
    paper = a_paper(seats(1, currency="KWD"), currency="KWD", sold_by=VENDOR)
    with pikepdf.open(io.BytesIO(set_pdf(paper, Layout()))) as opened:
        assert ("/AF" in opened.Root, len(opened.Root.OutputIntents)) == (False, 1)
