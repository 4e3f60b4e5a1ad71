"""The second step: codes of an authenticator app, and recovery codes.

Source: RFC 6238 (TOTP), with what every app expects: SHA-1, six digits, 30 seconds.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
ISSUER = "Seatledger Console"
RECOVERY_CODES = 10
# Letters that nobody takes for digits, as in Crockford's base 32.
_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789"


def new_secret() -> str:
    """Return a secret as apps take it: base 32, 160 bits."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, at: datetime) -> str:
    """Return the code that an app shows at this instant."""
    return _totp(secret).generate(int(at.timestamp())).decode()


def find_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Return the step whose code this is: now's, or one next to it, for clocks that differ. None for any other.

    A step up to `after` was used already and does not count again.
    """
    digits = "".join(code.split())
    if not (digits.isdecimal() and digits.isascii() and len(digits) == DIGITS):
        return None
    totp, now = _totp(secret), int(at.timestamp()) // STEP_S
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(totp.generate(step * STEP_S), digits.encode()) and step > after:
            return step
    return None


def address_for_app(secret: str, *, name: str) -> str:
    """Return what the QR code says to an authenticator app."""
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(ISSUER)}&digits={DIGITS}&period={STEP_S}"


def new_recovery_codes() -> list[str]:
    """Return codes that stand in for the app, each once; 50 bits each."""
    return [_random_word() + "-" + _random_word() for _ in range(RECOVERY_CODES)]


def hash_recovery_codes(codes: Iterable[str]) -> list[str]:
    """Return what is stored of them. They are random, so that a fast hash is enough."""
    return [hashlib.sha256(_plain(code).encode()).hexdigest() for code in codes]


def _random_word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_S, enforce_key_length=False)  # noqa: S303 -- what apps speak; RFC 6238
