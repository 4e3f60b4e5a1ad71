"""The e-mail domains from which people may join: ask for one, prove it, give it up."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.domains import (
    CODE_LASTS,
    CODE_WAITS,
    MOST_WAITING,
    clean_domain,
    is_code_of,
)
from seatledger.domain.subscriptions.happenings import DomainAsked, DomainRemoved, DomainVerified
from seatledger.domain.subscriptions.models import EmailDomain, Mailbox
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import NotFound


@transaction.atomic
def ask_for_domain(
    *, account: Account, domain: str, mailbox: Mailbox = Mailbox.POSTMASTER, at: datetime, by: Actor
) -> EmailDomain:
    """Send a code to a mailbox of the domain that only those who run it read; who knows the code has proved it.

    A second time it sends a new code, and the one before is worth nothing. Raises UnfitText, UnfitDomain,
    PublicMailDomain, TooManyDomains, CodeJustSent, and DomainTaken for a domain that this account has already.
    """
    name = clean_domain(domain)
    account = lock_account(account)
    asked = EmailDomain.objects.filter(account=account, domain=name).first()
    if asked and asked.verified_at:
        raise refusals.DomainTaken(f"{name} is this account's already. Nothing is left to do.")
    waiting = EmailDomain.objects.filter(account=account, verified_at__isnull=True)
    if waiting.filter(Q(domain=name) & Q(asked_at__gt=at - CODE_WAITS)).exists():
        raise refusals.CodeJustSent(f"A code was sent to {name} just now. Wait ten minutes for it.")
    if asked is None and waiting.count() >= MOST_WAITING:
        raise refusals.TooManyDomains(
            f"{MOST_WAITING} domains wait for their codes. Enter those, or remove a domain first."
        )
    asked = asked or EmailDomain(account=account, domain=name)
    asked.mailbox, asked.asked_at = mailbox, at
    asked.save()
    record(DomainAsked(domain_id=asked.pk), account=account, at=at, by=by)
    return asked


@transaction.atomic
def verify_domain(*, domain: EmailDomain, code: str, at: datetime, by: Actor) -> EmailDomain:
    """Take the domain for the account's own: whoever has an address there may join from now on.

    Raises NotFound, WrongCode, and DomainTaken when another account has proved it.
    """
    account = lock_account(domain.account)
    stored = _stored(domain)
    if stored.verified_at:
        return stored
    if at - stored.asked_at > CODE_LASTS or not is_code_of(stored, code):
        raise refusals.WrongCode(
            "This is not the code, or it is older than three days. Copy it from the e-mail, or send a new one."
        )
    stored.verified_at = at
    taken = refusals.DomainTaken(
        f"{stored.domain} belongs to another account. Contact us if it is your organisation's."
    )
    with refusing("a_domain_belongs_to_one_account", taken):
        stored.save(update_fields=["verified_at"])
    record(DomainVerified(domain_id=stored.pk), account=account, at=at, by=by)
    return stored


@transaction.atomic
def remove_domain(*, domain: EmailDomain, at: datetime, by: Actor) -> None:
    """Let nobody join from the domain any more. Who has joined stays. Raises NotFound."""
    account = lock_account(domain.account)
    stored = _stored(domain)
    domain_id = stored.pk
    stored.delete()
    record(DomainRemoved(domain_id=domain_id), account=account, at=at, by=by)


@transaction.atomic
def remove_all_domains(*, account: Account, at: datetime, by: Actor) -> int:
    """Let nobody join the account any more; returns how many domains it had."""
    domains = list(EmailDomain.objects.filter(account=account))
    for domain in domains:
        remove_domain(domain=domain, at=at, by=by)
    return len(domains)


def _stored(domain: EmailDomain) -> EmailDomain:
    """Return the domain as stored now; the account is held, so that stays so."""
    try:
        return EmailDomain.objects.get(pk=domain.pk)
    except EmailDomain.DoesNotExist:
        raise NotFound("domain") from None
