"""When a webhook is tried, how often and for how long: every such figure stands here."""

from datetime import timedelta
from typing import Final
from zlib import crc32

# One attempt.
CONNECT_S: Final = 5.0
WHOLE_S: Final = 15.0
MOST_ANSWER: Final = 2048

# One delivery: after each failed try, how long until the next one. The last figure goes on until `TRIED_FOR` is over.
TRY_AGAIN: Final = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
TRIED_FOR: Final = timedelta(days=3)
# A receiver may ask for more time (`Retry-After`), up to this.
MOST_PATIENCE: Final = timedelta(hours=1)

# One endpoint: after so many failures in a row what waits is held back, and one delivery at a time is tried.
HOLDS_BACK_AFTER: Final = 3
# How long until the next of these. The last figure goes on: what waits is sent soon after the receiver is back.
PROBE_AFTER: Final = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
)
# The oldest is tried first, until it has failed this often more than the next: perhaps it alone is the trouble.
TRIES_BEFORE_THE_NEXT: Final = 3
DISABLED_AFTER: Final = timedelta(days=3)
AT_ONCE: Final = 4

# Longer than an attempt can take: whoever has had a delivery in hand for so long is dead.
CLAIM_LASTS: Final = timedelta(seconds=60)
# How long one job goes on with one endpoint before others have their turn.
TURN_LASTS: Final = timedelta(seconds=10)

SECRET_OVERLAP: Final = timedelta(hours=24)
MOST_SECRETS: Final = 5
KEPT_FOR: Final = timedelta(days=30)


def pause_after(tries: int, *, of: str) -> timedelta:
    """Return how long a delivery waits after its `tries`-th failed try."""
    return _jittered(TRY_AGAIN[min(tries, len(TRY_AGAIN)) - 1], f"{of}:{tries}")


def pause_between_probes(failures: int, *, of: str) -> timedelta:
    """Return how long an endpoint that has failed so often in a row is left alone."""
    step = min(failures - HOLDS_BACK_AFTER, len(PROBE_AFTER) - 1)
    return _jittered(PROBE_AFTER[step], f"{of}:{failures}")


def _jittered(pause: timedelta, seed: str) -> timedelta:
    """Return the pause, a fifth longer at most: by how much follows from the seed, so that no two come together."""
    return pause * (1 + crc32(seed.encode()) / 2**32 / 5)
