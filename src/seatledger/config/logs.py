"""Logs are lines of JSON on the standard error stream, each with its request's id and user."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_MAIL_ADDRESS = re.compile(r"[^\s@'\"(){}\[\]<>,;:=/]+@[^\s@'\"(){}\[\]<>,;:=/]+\.[A-Za-z]{2,}")


def hide_people(_logger: object, _method: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide mail addresses wherever they stand in a line: in a job's arguments, in what the database answered."""
    for name, value in said.items():
        if isinstance(value, str) and "@" in value:
            said[name] = _MAIL_ADDRESS.sub("***@***", value)
    return said


SHARED_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    hide_people,
]


def logging_settings() -> dict[str, Any]:
    """Return Django's LOGGING, which renders every library's lines the way structlog renders ours."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_STEPS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django_structlog": {"level": "INFO"},
            "django.request": {"level": "ERROR"},  # the rest has a line of its own, with less in it
            "procrastinate": {"level": "WARNING"},
            "seatledger": {"level": "INFO"},
        },
    }


def configure_structlog() -> None:
    """Send structlog's lines through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_STEPS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
