"""How a process reaches its database: the embedded server, or the one that DATABASE_URL names."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from seatledger.config.environment import Environment
from seatledger.config.postgres.server import EmbeddedServer

ROLES = {"owner": None, "web": "seatledger_web", "staff": "seatledger_staff"}
CLIENT_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def database_settings(environment: Environment, server: EmbeddedServer) -> dict[str, Any]:
    """Return Django's settings for the one database.

    A web process keeps its connections in a pool, as many as it has threads; others open one when they
    need it. The role is set by the connection itself, so that no query can run before it is.
    """
    if environment.database_url is None:
        settings = {"ENGINE": "seatledger.config.database", "OPTIONS": {}, **server.client_settings()}
    else:
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            **client_settings(environment.database_url.get_secret_value()),
        }
    role = ROLES[environment.database_role]
    if role is not None:
        given = settings["OPTIONS"].get("options", "")
        settings["OPTIONS"]["options"] = f"{given} -c role={role}".strip()
    if environment.database_role == "web":
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": environment.web_threads, "timeout": 10}
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


def client_settings(url: str) -> dict[str, Any]:
    """Return what the address says in Django's words; what Django has no word for goes to libpq."""
    said = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    known = {word: said.pop(name, "") for name, word in CLIENT_NAMES.items()}
    return {**known, "OPTIONS": said}
