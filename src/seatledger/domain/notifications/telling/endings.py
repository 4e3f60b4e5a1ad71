"""Who is told that licences have ended, and that access has: once for all that ended on one day."""

from collections.abc import Iterator

from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.notifications.models import MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told


def tell_of_end(event: Event) -> Iterator[Told]:
    """Tell that licences have ended and until when they may be used; without days of grace the end of access tells it."""
    facts = event.payload
    if facts["access_until"] != facts["last_day"]:
        yield from _tell(event, "ended", until=facts["access_until"])


def tell_of_access(event: Event) -> Iterator[Told]:
    """Tell that licences may not be used any more."""
    yield from _tell(event, f"access-ended:{event.payload['access_until']}", until="")


def _tell(event: Event, what: str, *, until: str) -> Iterator[Told]:
    """Tell of every pool that ended on the same day on the same terms; nothing of what was renewed meanwhile."""
    on, on_trial = event.payload["last_day"], event.payload["terms"] == Terms.TRIAL
    pools = Pool.objects.filter(account=event.account_id, expires_on=on)
    pools = pools.filter(terms=Terms.TRIAL) if on_trial else pools.exclude(terms=Terms.TRIAL)
    if ids := sorted(str(pool_id) for pool_id in pools.values_list("pk", flat=True)):
        kind = MessageKind.TRIAL_ENDED if on_trial else MessageKind.LICENCES_ENDED
        yield from tell_readers(
            event.account_id,
            Topic.RENEWALS,
            kind,
            about={"on": on, "until": until, "pool_ids": " ".join(ids)},
            cause=f"{kind}:{event.account_id}:{on}:{what}",
        )
