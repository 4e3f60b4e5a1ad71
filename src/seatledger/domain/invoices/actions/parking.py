"""Accounts whose billing waits for a person, and what the person says."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.drafts import Draft, StoredDraft
from seatledger.domain.invoices.models import AccountBilling, Document, DocumentKind, Line, Seller
from seatledger.domain.invoices.writing import issue_stored, store_drafts
from seatledger.shared.errors import Refused

_LONGEST_REASON = 500


class NotParked(Refused):
    """The billing of this account does not wait for anybody."""

    code = "not_parked"


@dataclass(frozen=True)
class BillingParked(Happening):
    has_draft: bool


@dataclass(frozen=True)
class BillingReleased(Happening):
    issued: bool


@transaction.atomic
def park(*, billing: AccountBilling, because: str, at: datetime, by: Actor) -> None:
    """Let an account's billing wait for a person. Its row is held by the caller."""
    _park(billing, because, has_draft=False, at=at, by=by)


@transaction.atomic
def keep_waiting(*, billing: AccountBilling, draft: Draft, because: str, at: datetime, by: Actor) -> None:
    """Store a draft without a number, and let the account wait for a person who looks at it."""
    store_drafts([draft], at=at)
    _park(billing, because, has_draft=True, at=at, by=by)


@transaction.atomic
def release_billing(*, account: Account, at: datetime, by: Actor) -> Document | None:
    """Let an account that waits be billed again; the draft that waits, if there is one, is issued and returned.

    Raises NotParked.
    """
    billing = _hold_parked(account)
    draft = _draft_of(account)
    if draft:
        issue_stored([draft], at=at, by=by)
        billing.billed_on = draft.dated_on
    _go_on(billing, issued=draft is not None, at=at, by=by)
    return Document.objects.select_related("issue").get(pk=draft.id) if draft else None


@transaction.atomic
def discard_draft(*, account: Account, at: datetime, by: Actor) -> None:
    """Throw away the draft that waits, and bill the account anew with the next run: after what was wrong is put right.

    Raises NotParked.
    """
    billing = _hold_parked(account)
    waiting = Document.objects.filter(account=account, issue__isnull=True)
    Line.objects.filter(document__in=waiting).delete()
    waiting.delete()
    _go_on(billing, issued=False, at=at, by=by)


def _park(billing: AccountBilling, because: str, *, has_draft: bool, at: datetime, by: Actor) -> None:
    AccountBilling.objects.filter(pk=billing.pk).update(
        parked_at=at, parked_because=because[:_LONGEST_REASON]
    )
    record(BillingParked(has_draft=has_draft), account=billing.account, at=at, by=by)


def _hold_parked(account: Account) -> AccountBilling:
    lock_account(account)
    billing = AccountBilling.objects.filter(account=account, parked_at__isnull=False).first()
    if billing is None:
        raise NotParked(f"The billing of {account.serial_number} does not wait for anybody.")
    return billing


def _draft_of(account: Account) -> StoredDraft | None:
    row = Document.objects.filter(account=account, issue__isnull=True).first()
    if row is None:
        return None
    return StoredDraft(
        row.pk,
        row.account_id,
        Seller.objects.values_list("pk", flat=True).get(key=row.sold_by["key"]),
        DocumentKind(row.kind),
        row.currency,
        row.dated_on,
        row.total_minor,
    )


def _go_on(billing: AccountBilling, *, issued: bool, at: datetime, by: Actor) -> None:
    billing.parked_at, billing.parked_because = None, ""
    billing.save(update_fields=["parked_at", "parked_because", "billed_on"])
    record(BillingReleased(issued=issued), account=billing.account, at=at, by=by)
