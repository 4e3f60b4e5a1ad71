"""Which accounts are worked on: all but those on their way to another region."""

from django.db.models import Q

from seatledger.domain.accounts.models import Account


def of_accounts_at_work() -> Q:
    """Return the condition on rows of accounts, or of none, that their account is not on its way to another region."""
    return Q(account=None) | Q(account__in=Account.objects.filter(moving_to=""))
