"""Questions about the e-mail domains from which people join."""

from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.subscriptions.domains import domain_of
from seatledger.domain.subscriptions.models import EmailDomain
from seatledger.shared.errors import NotFound


def list_domains(account: Account) -> list[EmailDomain]:
    """Return the account's domains by name, those that are not proved yet among them."""
    return list(EmailDomain.objects.filter(account=account).order_by("domain"))


def get_domain(account: Account, domain_id: UUID) -> EmailDomain:
    """Return the account's domain. Raises NotFound for another account's, as for none."""
    try:
        return EmailDomain.objects.select_related("account").get(account=account, pk=domain_id)
    except EmailDomain.DoesNotExist:
        raise NotFound("domain") from None


def find_account_to_join(email: str) -> UUID | None:
    """Return the id of the account that has proved the domain of an address, or None.

    Asked before an account is known: by a job, or at the door for those who join.
    """
    domains = EmailDomain.objects.filter(domain=domain_of(email), verified_at__isnull=False)
    return domains.values_list("account_id", flat=True).first()
