"""Secrets as they are stored: sealed with keys that follow from the secret key of the installation.

One purpose cannot open what another one sealed. The newest secret key seals; earlier ones still open, until everything
is sealed anew (`seatledger reseal`).
"""

import base64
import hashlib
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)
BATCH = 500


class Purpose(StrEnum):
    """What is sealed. A value is part of the key, so it stays as it is."""

    SECOND_STEP = "second-step"
    STAFF_SECOND_STEP = "staff-second-step"
    WEBHOOKS = "seatledger webhook secrets"
    CERTIFICATES = "closures.SigningKey"


class CannotUnseal(ImproperlyConfigured):
    """It was sealed with a key that this process has not got."""


def seal(text: str, *, purpose: Purpose) -> str:
    """Return what is stored of a secret."""
    return seal_bytes(text.encode(), purpose=purpose)


def unseal(sealed: str, *, purpose: Purpose) -> str:
    """Return the secret. Raises CannotUnseal when neither the secret key nor an earlier one fits."""
    return unseal_bytes(sealed, purpose=purpose).decode()


def seal_bytes(secret: bytes, *, purpose: Purpose) -> str:
    """Return what is stored of a secret that is no text."""
    return _cipher(purpose, *_secret_keys()).encrypt(secret).decode()


def unseal_bytes(sealed: str, *, purpose: Purpose) -> bytes:
    """Return the secret. Raises CannotUnseal when neither the secret key nor an earlier one fits."""
    try:
        return _cipher(purpose, *_secret_keys()).decrypt(sealed.encode())
    except InvalidToken:
        raise CannotUnseal(
            f"A secret ({purpose}) was sealed with another secret key. Name that one in SEATLEDGER_OLD_SECRET_KEYS."
        ) from None


def renew_seal(sealed: str, *, purpose: Purpose) -> str:
    """Return the same secret, sealed with the newest key. Raises CannotUnseal."""
    return seal_bytes(unseal_bytes(sealed, purpose=purpose), purpose=purpose)


def renew_column(rows: models.QuerySet[Row], column: str, *, purpose: Purpose) -> int:
    """Seal a column anew in all of `rows`; returns how many. Raises CannotUnseal."""

    def renew(row: Row) -> None:
        setattr(row, column, renew_seal(getattr(row, column), purpose=purpose))

    return renew_rows(rows, column, renew)


def renew_rows(rows: models.QuerySet[Row], column: str, renew: Callable[[Row], None]) -> int:
    """Let `renew` change one column of each of `rows`, some in each transaction; returns how many there were.

    Rows are held while they are changed, so what somebody else changes at that moment is not undone.
    """
    after: object = None
    renewed = 0
    while True:
        with transaction.atomic():
            left = rows.order_by("pk") if after is None else rows.filter(pk__gt=after).order_by("pk")
            some = list(left.select_for_update()[:BATCH])
            for row in some:
                renew(row)
            rows.bulk_update(some, [column])
        if not some:
            return renewed
        renewed, after = renewed + len(some), some[-1].pk


def _secret_keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=32)
def _cipher(purpose: Purpose, *secret_keys: str) -> MultiFernet:
    keys = [derive(key, purpose) for derive in (_derive, _derive_as_before) for key in secret_keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _derive(secret_key: str, purpose: Purpose) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())


def _derive_as_before(secret_key: str, purpose: Purpose) -> bytes:
    """Return the key with which some purposes sealed before there was one way for all: it still opens."""
    return hashlib.sha256(f"{purpose}:{secret_key}".encode()).digest()
