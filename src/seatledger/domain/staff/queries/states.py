"""What an account is to staff, in one place: shown, found and counted by the same words."""

from django.db.models import TextChoices


class AccountState(TextChoices):
    """What the list of accounts can be narrowed to. All but the two after Expired are what it shows of an account."""

    ACTIVE = "active", "Active"
    TRIAL = "trial", "Trial"
    EXPIRED = "expired", "Expired"
    WAITING = "waiting", "Billing waits for a person"
    CLOSING = "closing", "Being closed"
    PROVIDER = "provider", "Provider"
    CLOSED = "closed", "Closed"


def _order(paid: str, trial: str) -> tuple[tuple[str, str], ...]:
    """Return the states of the account `a` with their conditions as SQL; the first that is met counts.

    For a customer that is not closed it is what `licences.queries.get_account_type` says: who holds none is Expired.
    """
    return (
        ("closed", "a.closed_at IS NOT NULL"),
        ("provider", "a.kind = 'provider'"),
        ("expired", "a.lapsed_at IS NOT NULL"),
        ("active", paid),
        ("trial", trial),
        ("expired", "true"),
    )


def state_case(*, paid: str, trial: str) -> str:
    """Return the state of the account `a` as SQL, by the conditions that it holds licences so that may be used."""
    cases = " ".join(f"WHEN {condition} THEN '{state}'" for state, condition in _order(paid, trial))
    return f"CASE {cases} END"


def state_is(wanted: str, *, paid: str, trial: str) -> str:
    """Return the condition that `state_case` is a state, in parts of which the planner knows how often they are so."""
    order = _order(paid, trial)
    ways = [
        " AND ".join([condition, *(f"NOT {other}" for name, other in order[:index] if name != wanted)])
        for index, (state, condition) in enumerate(order)
        if state == wanted
    ]
    return f"({' OR '.join(f'({way})' for way in ways)})"
