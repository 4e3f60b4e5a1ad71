"""Page: a certificate of deletion set as PDF, with its JSON inside."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from seatledger.domain.closures.models import Certificate
from seatledger.domain.invoices.papers.fonts import families_for, fonts
from seatledger.domain.invoices.papers.page import legible_all

_FOLDER: Final = Path(__file__).parent
# A compiler keeps its input: two threads at once would set one's words on the other's page.
_one_at_a_time: Final = Lock()
_FACTS: Final = (
    ("account", "Serial number of the account"),
    ("region", "Region of its data"),
    ("installation", "Erased from"),
)
_INSTANTS: Final = (
    ("requested_at", "Deletion requested"),
    ("took_effect_at", "Took effect"),
    ("closed_at", "Closed"),
    ("erased_at", "Erased"),
)


def set_certificate(certificate: Certificate) -> bytes:
    """Return the certificate as PDF, with the JSON attached as `certificate.json`. The same one gives the same bytes.

    It is PDF/A-3a, which archives take, and PDF/UA-1, which can be read aloud.
    """
    data = json.dumps(legible_all(_data(certificate)), ensure_ascii=False)
    with _one_at_a_time:
        pdf = _compiler().compile(
            sys_inputs={"certificate": data, "json": certificate.content},
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(certificate.issued_at.timestamp()),
        )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    file = _FOLDER / "certificate.typ"
    return typst.Compiler(file, root=_FOLDER, font_paths=fonts(), ignore_system_fonts=True)


def _data(certificate: Certificate) -> dict[str, Any]:
    """Return all that the page shows, in words, as `certificate.typ` takes it."""
    document = json.loads(certificate.content)
    statement, proof = document["statement"], document["proof"]
    on = certificate.issued_at.date()
    facts = [(words, str(statement[name])) for name, words in _FACTS]
    instants = [(words, _instant(statement[name])) for name, words in _INSTANTS]
    erased = [row for row in statement["erased"] if row["rows"]]
    return {
        "fonts": families_for(""),
        "title": f"Certificate of deletion {statement['account']}",
        "author": statement["installation"],
        "issued_on": {"year": on.year, "month": on.month, "day": on.day},
        "facts": [*facts, *instants],
        "erased": [_erased(row) for row in erased],
        "empty": [row["table"] for row in statement["erased"] if not row["rows"]],
        "kept": _kept(statement["kept"]),
        "proof": [
            ("SHA-256 of the JSON", _in_groups(certificate.digest)),
            ("Signature, Ed25519", proof["signature"]),
            ("Public key", _in_groups(proof["public_key"])),
        ],
    }


def _erased(row: dict[str, Any]) -> dict[str, str]:
    last = f"last hash {_in_groups(row['last_hash'])}" if row.get("last_hash") else ""
    return {"table": row["table"], "rows": f"{row['rows']:,}", "detail": last}


def _kept(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what stays, by the duty under which it does."""
    rows = [row for row in rows if row["rows"]]
    duties = dict.fromkeys(row["why"] for row in rows)
    return [
        {
            "why": why,
            "tables": [(row["table"], f"{row['rows']:,}") for row in rows if row["why"] == why],
        }
        for why in duties
    ]


def _instant(text: str | None) -> str:
    if not text:
        return "not known"
    at = datetime.fromisoformat(text)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _in_groups(digits: str) -> str:
    """Return a long hexadecimal number as people compare it, in groups of eight."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
