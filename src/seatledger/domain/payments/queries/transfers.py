"""Questions of the vendor's staff about money that came in at the bank."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Lower

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BillingDetails, DocumentKind, Issue, NumberSeries
from seatledger.domain.payments.models import IncomingTransfer, TransferState
from seatledger.domain.payments.transfers import Credit, Match, OpenInvoice, find_matches, find_references
from seatledger.engine.money import Money
from seatledger.shared.errors import NotFound


@dataclass(frozen=True)
class Proposal:
    """Whose a transfer may be, with the account and the invoices as people know them."""

    match: Match
    account: Account
    parts: tuple[tuple[str, Money], ...]
    left_over: Money


def list_transfers_for_operator(
    state: TransferState | None = TransferState.UNMATCHED,
    *,
    before: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> list[IncomingTransfer]:
    """Return transfers, the newest first, beginning behind the key `before` (day, id); of every state when it is None."""
    rows = IncomingTransfer.objects.select_related("statement", "payment__account")
    if state is not None:
        rows = rows.filter(state=state)
    if before is not None:
        day, transfer_id = before
        rows = rows.filter(Q(booked_on__lt=day) | Q(booked_on=day, pk__lt=transfer_id))
    return list(rows.order_by("-booked_on", "-id")[:limit])


def count_transfers_for_operator(state: TransferState) -> int:
    """Return how many transfers are in a state."""
    return IncomingTransfer.objects.filter(state=state).count()


def get_transfer_for_operator(transfer_id: UUID) -> IncomingTransfer:
    """Return a transfer. Raises NotFound."""
    try:
        return IncomingTransfer.objects.select_related("statement", "payment__account").get(pk=transfer_id)
    except IncomingTransfer.DoesNotExist:
        raise NotFound("transfer", "") from None


def propose_for_operator(transfers: Sequence[IncomingTransfer]) -> Mapping[UUID, list[Proposal]]:
    """Return, by transfer, whose it may be, the likeliest first, in a number of statements that does not grow with them."""
    prefixes = list(
        NumberSeries.objects.filter(kind=DocumentKind.INVOICE).order_by("pk").values_list("prefix", flat=True)
    )
    written = {transfer.pk: find_references(transfer.remittance, prefixes) for transfer in transfers}
    named = _invoices_named({reference for references in written.values() for reference in references})
    payers = _known_payers(transfers)
    open_of = _open_invoices({account_id for known in payers.values() for account_id in known})
    found = {
        transfer.pk: find_matches(
            Credit(Money(transfer.amount_minor, transfer.currency), transfer.remittance, payers[transfer.pk]),
            named=[named[reference] for reference in written[transfer.pk] if reference in named],
            of_payers=[
                invoice for account_id in sorted(payers[transfer.pk]) for invoice in open_of[account_id]
            ],
        )
        for transfer in transfers
    }
    return _with_names(transfers, found)


def _invoices_named(references: Collection[str]) -> dict[str, OpenInvoice]:
    issues = Issue.objects.filter(reference__in=references, document__kind=DocumentKind.INVOICE)
    return {issue.reference: _invoice(issue) for issue in issues.select_related("document")}


def _open_invoices(account_ids: Collection[UUID]) -> Mapping[UUID, list[OpenInvoice]]:
    issues = Issue.objects.filter(
        account__in=account_ids, open_minor__gt=0, document__kind=DocumentKind.INVOICE
    ).select_related("document")
    found: defaultdict[UUID, list[OpenInvoice]] = defaultdict(list)
    for issue in issues.order_by("document__due_on", "issued_at", "number"):
        found[issue.account_id].append(_invoice(issue))
    return found


def _invoice(issue: Issue) -> OpenInvoice:
    return OpenInvoice(
        issue.pk, issue.account_id, issue.reference, Money(issue.open_minor, issue.document.currency)
    )


def _known_payers(transfers: Sequence[IncomingTransfer]) -> Mapping[UUID, frozenset[UUID]]:
    """Return, by transfer, the accounts its payer is known as: by name, legal name, or what was booked of him before."""
    names = {transfer.payer.lower() for transfer in transfers if transfer.payer}
    ibans = {transfer.payer_account for transfer in transfers if transfer.payer_account}
    by_name: defaultdict[str, set[UUID]] = defaultdict(set)
    by_iban: defaultdict[str, set[UUID]] = defaultdict(set)
    accounts = Account.objects.annotate(known=Lower("name")).filter(known__in=names)
    details = BillingDetails.objects.annotate(known=Lower("legal_name")).filter(known__in=names)
    booked = IncomingTransfer.objects.filter(state=TransferState.BOOKED)
    before = booked.annotate(known=Lower("payer"), owner=F("payment__account")).filter(known__in=names)
    for name, account_id in [
        *accounts.values_list("known", "pk"),
        *details.values_list("known", "pk"),
        *before.values_list("known", "owner"),
    ]:
        by_name[name].add(account_id)
    for iban, account_id in booked.filter(payer_account__in=ibans).values_list(
        "payer_account", "payment__account"
    ):
        by_iban[iban].add(account_id)
    return {
        transfer.pk: frozenset(
            by_name.get(transfer.payer.lower(), set()) | by_iban.get(transfer.payer_account, set())
        )
        for transfer in transfers
    }


def _with_names(
    transfers: Sequence[IncomingTransfer], found: Mapping[UUID, list[Match]]
) -> Mapping[UUID, list[Proposal]]:
    matches = [match for of_transfer in found.values() for match in of_transfer]
    accounts = Account.objects.in_bulk({match.account_id for match in matches})
    numbers = dict(
        Issue.objects.filter(
            pk__in={part.invoice_id for match in matches for part in match.parts}
        ).values_list("pk", "reference")
    )
    return {
        transfer.pk: [
            Proposal(
                match,
                accounts[match.account_id],
                tuple(
                    (numbers[part.invoice_id], Money(part.amount_minor, transfer.currency))
                    for part in match.parts
                ),
                Money(
                    transfer.amount_minor - sum(part.amount_minor for part in match.parts), transfer.currency
                ),
            )
            for match in found[transfer.pk]
        ]
        for transfer in transfers
    }
