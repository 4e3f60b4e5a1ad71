"""Questions about how an account pays."""

from seatledger.domain.payments.queries.methods import get_default_method, get_method, list_methods

__all__ = ["get_default_method", "get_method", "list_methods"]
