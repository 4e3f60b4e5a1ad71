"""Doing many things one after the other, so that one that cannot be done holds up no other."""

from collections.abc import Callable
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)
T = TypeVar("T")


def with_care(problem: str, which: object, work: Callable[[T], object], one: T) -> None:
    """Do one of many things; what goes wrong is logged as `problem` of `which`."""
    try:
        work(one)
    except Exception:
        log.exception(problem, id=str(which))
