"""What a person who waits is told."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 -- the terminal is where this program speaks


def step(name: str, work: Callable[[], Result]) -> Result:
    """Do one step, saying first what it is and then how long it took."""
    sys.stdout.write(f"  {name} ...")
    sys.stdout.flush()
    started = time.monotonic()
    try:
        result = work()
    except BaseException:
        say("")
        raise
    say(f" {time.monotonic() - started:.1f} s")
    return result
