"""How long a message is in one job's hand, and how long the next try waits when it could not be sent."""

from datetime import timedelta
from typing import Final

# Longer than a mail server may take to answer (EMAIL_TIMEOUT, for each of its few answers).
CLAIM_LASTS: Final = timedelta(minutes=2)
# After each failure the next try waits longer; after the last one, some four days later, nobody tries any more.
WAITS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 48 * 60)
)
MOST_ATTEMPTS: Final = len(WAITS) + 1
