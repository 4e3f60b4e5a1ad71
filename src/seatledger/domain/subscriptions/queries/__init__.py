"""Questions about what was agreed. One file per subject."""

from seatledger.domain.subscriptions.queries.operators import agreed_items_for_operator

__all__ = ["agreed_items_for_operator"]
