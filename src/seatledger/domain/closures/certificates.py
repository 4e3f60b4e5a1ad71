"""Certificates of deletion: what was erased, when, what is kept and why, signed with Ed25519 (RFC 8032).

A certificate is a JSON document of two parts, `statement` and `proof`. What is signed is the statement in canonical form:
keys sorted, no spaces, UTF-8. Anyone can check it with the public key, which the vendor publishes or tells.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

from seatledger.domain.closures.inventory import KEPT, Kept
from seatledger.domain.closures.models import Certificate, Closure, ErasedTable, SigningKey
from seatledger.domain.closures.refusals import BadCertificate
from seatledger.shared.sealing import Purpose, seal_bytes, unseal_bytes

KIND = "seatledger-deletion-certificate"
LARGEST_FILE = 1_000_000


@dataclass(frozen=True)
class Checked:
    """A certificate whose signature is right. `key` is the public key in hex: compare it with the vendor's.

    `digest` is the SHA-256 of the file in hex, which the PDF of the certificate shows too.
    """

    statement: dict[str, object]
    key: str
    digest: str


def issue_certificate(closure: Closure, *, at: datetime) -> Certificate:
    """Write and sign the certificate of an erasure. Whoever calls holds the account."""
    key = _signing_key(at)
    statement = _statement(closure, at)
    signature = _private_half(key).sign(canonical(statement))
    content = {
        "statement": statement,
        "proof": {
            "algorithm": "Ed25519",
            "public_key": key.public_key,
            "signature": base64.b64encode(signature).decode(),
        },
    }
    return Certificate.objects.create(
        account_id=closure.account_id,
        closure=closure,
        content=json.dumps(content, indent=2, ensure_ascii=False) + "\n",
        issued_at=at,
    )


def check_certificate(content: bytes) -> Checked:
    """Return what a certificate states. Raises BadCertificate unless it is whole and as it was signed."""
    if len(content) > LARGEST_FILE:
        raise BadCertificate("This is too large to be a certificate.")
    try:
        document = json.loads(content)
        statement, proof = document["statement"], document["proof"]
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"]))
        signature = base64.b64decode(proof["signature"], validate=True)
        known = statement["kind"] == KIND and proof["algorithm"] == "Ed25519"
    except (ValueError, KeyError, TypeError) as error:
        raise BadCertificate("This is not a certificate of deletion.") from error
    if not known:
        raise BadCertificate("This is a certificate of another kind.")
    try:
        key.verify(signature, canonical(statement))
    except InvalidSignature:
        raise BadCertificate("The certificate was changed after it was signed.") from None
    return Checked(statement, proof["public_key"], hashlib.sha256(content).hexdigest())


def canonical(statement: dict[str, object]) -> bytes:
    """Return the bytes that are signed."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _statement(closure: Closure, at: datetime) -> dict[str, object]:
    erased = ErasedTable.objects.filter(closure=closure).order_by("table")
    return {
        "kind": KIND,
        "version": 1,
        "installation": settings.SEATLEDGER_ADDRESS,
        "account": closure.account.serial_number,
        "region": closure.account.region,
        "requested_at": _instant(closure.requested_at),
        "took_effect_at": _instant(closure.takes_effect_at),
        "closed_at": _instant(closure.closed_at),
        "erased_at": _instant(at),
        "erased": [
            {"table": row.table, "rows": row.rows, **({"last_hash": row.last_hash} if row.last_hash else {})}
            for row in erased
        ],
        "kept": [{"table": kept.table, "rows": _count(kept, closure), "why": kept.duty} for kept in KEPT],
    }


def _count(kept: Kept, closure: Closure) -> int:
    with connection.cursor() as cursor:
        statement = SQL("SELECT count(*) FROM {} WHERE ").format(Identifier(kept.table)) + SQL(kept.where)
        cursor.execute(statement, {"account": closure.account_id})
        return int(cursor.fetchone()[0])


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _signing_key(at: datetime) -> SigningKey:
    """Return the newest key, made now where there is none."""
    return SigningKey.objects.order_by("-made_at").first() or make_key(at=at)


def make_key(*, at: datetime) -> SigningKey:
    """Make a key; the newest one signs."""
    private = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        public_key=private.public_key().public_bytes_raw().hex(),
        sealed_private_key=seal_bytes(private.private_bytes_raw(), purpose=Purpose.CERTIFICATES),
        made_at=at,
    )


def _private_half(key: SigningKey) -> Ed25519PrivateKey:
    private = unseal_bytes(key.sealed_private_key, purpose=Purpose.CERTIFICATES)
    return Ed25519PrivateKey.from_private_bytes(private)
