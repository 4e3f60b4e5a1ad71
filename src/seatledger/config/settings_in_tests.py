"""The settings with which the tests run: the real ones, on a forgetful server of the checkout's own.

The variables of the person who runs the tests do not reach them, except those that name a database.
"""

import hashlib
import os
from pathlib import Path

from seatledger.config.environment import PREFIX, default_state

REPOSITORY = Path(__file__).resolve().parents[3]
KEPT = {"SEATLEDGER_POSTGRES_BIN"}

for name in [name for name in os.environ if name.startswith(PREFIX) and name not in KEPT]:
    del os.environ[name]
# One state directory for each server, and an embedded server for each checkout: all can be tested at once.
TESTED = os.environ.get("DATABASE_URL") or str(REPOSITORY)
os.environ["SEATLEDGER_STATE"] = str(
    default_state() / f"test-{hashlib.sha256(TESTED.encode()).hexdigest()[:12]}"
)

from seatledger.config.postgres.server import EmbeddedServer  # noqa: E402 -- the same
from seatledger.config.settings import *  # noqa: E402, F403 -- after the variables are as tests want them
from seatledger.config.settings import ENVIRONMENT, LOGGING, STORAGES  # noqa: E402 -- the same

SERVER = EmbeddedServer(ENVIRONMENT.state, binaries=ENVIRONMENT.postgres_bin, forgetful=True)
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Argon2 is meant to be slow; what is tested with it says so.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
LOGGING = LOGGING | {"root": {"handlers": [], "level": "WARNING"}}
# As in production; what a demo keeps is tested on its own.
SEATLEDGER_KEEP_LETTERS = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The pages of a test need no files, but the server of static files warns when its directory is missing.
(ENVIRONMENT.state / "static").mkdir(parents=True, exist_ok=True)
