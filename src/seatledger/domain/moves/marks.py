"""What is kept of a name that must not be kept: enough to recognise it, for this installation alone."""

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def mark_of(text: str) -> str:
    """Return the mark under which a text is kept."""
    return marks_of(text)[0]


def marks_of(text: str) -> list[str]:
    """Return the marks a text may be kept under: the newest secret key's, and those of earlier ones."""
    said = text.strip().lower().encode()
    return [hmac.new(derive(key, b"marks"), said, sha256).hexdigest() for key in secret_keys()]


def own_keys() -> list[X25519PrivateKey]:
    """Return the keys with which other regions seal what this one may open, the newest first."""
    return [X25519PrivateKey.from_private_bytes(derive(key, b"moves")) for key in secret_keys()]


def public_half(key: X25519PrivateKey | X25519PublicKey) -> bytes:
    public = key.public_key() if isinstance(key, X25519PrivateKey) else key
    return public.public_bytes_raw()


def secret_keys() -> list[str]:
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def derive(secret: str | bytes, purpose: bytes) -> bytes:
    """Return 32 bytes that follow from a secret, for one purpose."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"seatledger " + purpose).derive(material)
