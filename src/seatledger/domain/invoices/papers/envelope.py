"""Envelope: the PDF says in its metadata that the XML inside it is a Factur-X invoice.

Source: Factur-X 1.0, section 6: the XMP properties and the extension schema that declares them to PDF/A.
"""

import io
from pathlib import Path
from typing import Final

import pikepdf
from lxml import etree

_DECLARATION: Final = (Path(__file__).parent / "factur-x.xmp").read_bytes()
_NAMESPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
}


def declare_facturx(pdf: bytes) -> bytes:
    """Return the PDF with the declaration that its attachment is a Factur-X invoice of the profile EN 16931."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.Root.Metadata.write(_declared(opened.Root.Metadata.read_bytes()))
        written = io.BytesIO()
        # Its identity follows from its content, so that the same document is always the same file.
        opened.save(written, deterministic_id=True)
    return written.getvalue()


def _declared(metadata: bytes) -> bytes:
    """Return XMP metadata with our properties and their schema added to those that are there."""
    root, declaration = etree.fromstring(metadata), etree.fromstring(_DECLARATION)
    [described] = root.iterfind(".//rdf:RDF", _NAMESPACES)
    [schemas] = root.iterfind(".//pdfaExtension:schemas/rdf:Bag", _NAMESPACES)
    [properties, extension] = declaration.iterfind("rdf:Description", _NAMESPACES)
    schemas.extend(extension.iterfind("pdfaExtension:schemas/rdf:Bag/rdf:li", _NAMESPACES))
    described.append(properties)
    packet: bytes = etree.tostring(root.getroottree(), encoding="UTF-8")
    return packet
