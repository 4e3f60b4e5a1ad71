"""Secrets in the database outlive the secret key with which they were sealed; one command seals all of them anew."""

import base64
import hashlib
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from commands import run_command
from seatledger.domain.closures.certificates import make_key
from seatledger.domain.closures.models import SigningKey
from seatledger.domain.notifications.models import WebhookSecret
from seatledger.domain.staff.queries import secret_of
from seatledger.faces.cli.reseal import RENEW
from seatledger.shared import sealing
from seatledger.shared.sealing import CannotUnseal, Purpose, seal, unseal, unseal_bytes
from staffing import given_member
from support import AT, given_account, given_user, refreshed

pytestmark = pytest.mark.django_db

NEW_KEY = "another key, as long as it has to be, for a process of tomorrow"


def sealed_by_hash(secret: bytes, purpose: Purpose, secret_key: str) -> str:
    """Seal as authenticator apps and signing keys once were."""
    key = hashlib.sha256(f"{purpose}:{secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(secret).decode()


def sealed_by_derivation(secret: bytes, secret_key: str) -> str:
    """Seal as webhooks' secrets once were."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"seatledger webhook secrets")
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode()))).encrypt(secret).decode()


def test_what_was_sealed_before_there_was_one_way_still_opens(settings):
    secret = bytes(range(32))
    for purpose in (Purpose.SECOND_STEP, Purpose.STAFF_SECOND_STEP, Purpose.CERTIFICATES):
        assert unseal_bytes(sealed_by_hash(secret, purpose, settings.SECRET_KEY), purpose=purpose) == secret
    before = sealed_by_derivation(b"whsec_x", settings.SECRET_KEY)
    assert unseal(before, purpose=Purpose.WEBHOOKS) == "whsec_x"


def test_one_purpose_cannot_open_what_another_one_sealed():
    with pytest.raises(CannotUnseal, match=r"\(second-step\) .* SEATLEDGER_OLD_SECRET_KEYS"):
        unseal(seal("x", purpose=Purpose.WEBHOOKS), purpose=Purpose.SECOND_STEP)


def test_the_command_leaves_no_purpose_out():
    assert set(RENEW) == set(Purpose)


def test_everything_outlives_the_key_it_was_sealed_with(settings, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 1)
    bram, bob = given_member("Bram Olsen"), given_user(given_account(), "Bob Ray")
    given_member("Ada Quist")
    app = TOTP.activate(bob, "JBSWY3DPEHPK3PXP").instance
    codes = RecoveryCodes.activate(bob).generate_codes()
    passkey = Authenticator.objects.create(
        user=bob, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
    )
    [hook] = re.findall(r"whsec_\S+", run_command("webhook", "add", "http://127.0.0.1:9/hooks")[1])
    key = make_key(at=AT)
    private = unseal_bytes(key.sealed_private_key, purpose=Purpose.CERTIFICATES)
    staff_secret = secret_of(bram)
    old, settings.SECRET_KEY = settings.SECRET_KEY, NEW_KEY
    code, said = run_command("reseal")
    assert (code, "SEATLEDGER_OLD_SECRET_KEYS" in said) == (2, True)
    settings.SECRET_KEY_FALLBACKS = [old]
    for _ in range(2):
        code, said = run_command("reseal")
        assert (code, re.findall(r"\d+", said)) == (0, ["3", "2", "1", "1"])
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(refreshed(app).data["secret"], purpose=Purpose.SECOND_STEP) == "JBSWY3DPEHPK3PXP"
    assert RecoveryCodes.activate(bob).generate_codes() == codes
    assert refreshed(passkey).data == {"name": "Phone", "credential": {}}
    assert secret_of(refreshed(bram)) == staff_secret
    assert unseal(WebhookSecret.objects.get().sealed, purpose=Purpose.WEBHOOKS) == hook
    sealed_key = SigningKey.objects.get().sealed_private_key
    assert unseal_bytes(sealed_key, purpose=Purpose.CERTIFICATES) == private


def test_the_keys_of_certificates_are_listed_and_the_newest_one_signs():
    first = make_key(at=AT)
    code, said = run_command("closure", "new-key")
    assert code == 0
    listed = run_command("closure", "keys")[1].splitlines()
    assert [line.split()[0] for line in listed] == [said.strip(), first.public_key]
    assert listed[1].split()[1:] == ["since", f"{AT:%Y-%m-%d}", "0", "signed"]
