"""Secrets as they are stored: sealed with a key that follows from the process's own, so that a dump tells none."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"seatledger webhook secrets"


class CannotUnseal(Exception):
    """The secret was sealed with a key that this process has not got."""


def seal(secret: str) -> str:
    """Return a secret in the form in which it is stored."""
    return _sealer(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret. Raises CannotUnseal when neither the key nor an earlier one fits."""
    sealer = _sealer(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        return sealer.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotUnseal(
            "A webhook's secret was sealed with another secret key. Name that one in SEATLEDGER_OLD_SECRET_KEYS."
        ) from None


def seal_anew(sealed: str) -> str:
    """Return a sealed secret sealed with the newest key."""
    return seal(unseal(sealed))


@lru_cache(maxsize=4)
def _sealer(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
