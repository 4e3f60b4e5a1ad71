"""What is logged, as it is in production."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import structlog

from seatledger.config.logs import logging_settings


@contextmanager
def everything_logged() -> Iterator[StringIO]:
    """Give what is written to the log from now on."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    said = logging_settings()["formatters"]["json"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(**{key: value for key, value in said.items() if key != "()"})
    )
    names = ["", "django_structlog", "seatledger", "procrastinate"]
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in names:
        logging.getLogger(name).removeHandler(handler)
