"""What a check says: how it is, and what to do when it is not well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    WELL = "ok"
    WATCH = "warning"  # look after it; nothing is broken
    ILL = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `advice` is what to do, in a sentence."""

    subject: str
    state: State
    words: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def well(subject: str, words: str) -> Finding:
    return Finding(subject, State.WELL, words)


def watch(subject: str, words: str, advice: str) -> Finding:
    return Finding(subject, State.WATCH, words, advice)


def ill(subject: str, words: str, advice: str) -> Finding:
    return Finding(subject, State.ILL, words, advice)
