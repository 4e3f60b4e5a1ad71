"""The key that signs sessions and links: given in production, made once and kept in a demo."""

import os
import secrets

from seatledger.config.environment import Environment

FILE = "secret-key"


def secret_key(environment: Environment) -> str:
    """Return the key given, else the one kept in the state directory, else one for this process alone."""
    if environment.secret_key is not None:
        return environment.secret_key.get_secret_value()
    try:
        return (environment.state / FILE).read_text(encoding="ascii")
    except FileNotFoundError:
        return secrets.token_urlsafe(64)


def keep_secret_key(environment: Environment) -> None:
    """Make the key of a demo where none is given and none is kept, readable by its owner alone."""
    if environment.secret_key is not None:
        return
    try:
        descriptor = os.open(environment.state / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
