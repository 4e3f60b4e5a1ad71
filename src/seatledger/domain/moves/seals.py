"""Secrets on their way: opened with this region's key, sealed so that the other region alone can open them.

X25519 with a key made for one file, HKDF-SHA256, Fernet. Sources: RFC 7748, RFC 5869.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from seatledger.domain.moves.marks import derive, own_keys, public_half
from seatledger.domain.moves.refusals import NotAMove


class Envelope:
    """Seals and opens texts under one shared key. `sender` is what the receiver must know to make it."""

    def __init__(self, key: bytes, sender: bytes) -> None:
        self.sender = sender.hex()
        self._cipher = Fernet(urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text. Raises NotAMove when it was sealed for somebody else."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise NotAMove("The file was sealed for another installation.") from None


def own_public_key() -> str:
    """Return the key for which other regions seal, in hex."""
    return public_half(own_keys()[0]).hex()


def envelope_for(receiver: str) -> Envelope:
    """Return an envelope that only the installation with this public key can open."""
    own = X25519PrivateKey.generate()
    other = X25519PublicKey.from_public_bytes(bytes.fromhex(receiver))
    return Envelope(_shared(own, other, receiver=bytes.fromhex(receiver)), public_half(own))


def envelope_from(sender: str, *, receiver: str) -> Envelope:
    """Return the envelope that was made for one of our keys. Raises NotAMove."""
    for own in own_keys():
        if public_half(own).hex() == receiver:
            other = X25519PublicKey.from_public_bytes(bytes.fromhex(sender))
            return Envelope(_shared(own, other, receiver=bytes.fromhex(receiver)), public_half(other))
    raise NotAMove("The file was sealed for another installation.")


def _shared(own: X25519PrivateKey, other: X25519PublicKey, *, receiver: bytes) -> bytes:
    return derive(own.exchange(other), b"move to " + receiver)
