"""Whose licences a page shows: the visitor's own account, or a customer of the visitor's provider account."""

from dataclasses import dataclass

from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.faces.portal.access import PortalRequest


@dataclass(frozen=True)
class Place:
    """An account and the way to its pages: `place.url("history")` leads to its own history or to the customer's."""

    account: Account
    is_customer: bool = False

    def url(self, name: str, *args: object) -> str:
        """Return the address of the page `name`, which exists for one's own account and for a customer."""
        if self.is_customer:
            return reverse(f"portal:customer_{name}", args=[self.account.pk, *args])
        return reverse(f"portal:{name}", args=args)

    @property
    def metrics_url(self) -> str:
        return self.url("metrics")

    @property
    def history_url(self) -> str:
        return self.url("history")

    @property
    def zone(self) -> str:
        return self.account.time_zone


def own_place(request: PortalRequest) -> Place:
    """Return the visitor's own account as a place."""
    return Place(request.account)
