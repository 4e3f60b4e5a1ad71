"""What an archive holds beside the documents' own files: one table each, with its rows and columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import BillingDetails, Document, DocumentKind, Line, Settlement
from seatledger.domain.licences.models import Assignment, Device, LedgerEntry, LicenceRequest, Pool
from seatledger.domain.notifications.models import Message
from seatledger.domain.payments.models import (
    Dispute,
    Payment,
    PaymentMethod,
    Quotation,
    QuotationLine,
    Refund,
)
from seatledger.domain.people.models import MainContact, Role, RoleGrant, User
from seatledger.domain.subscriptions.models import (
    Change,
    EmailDomain,
    Preferences,
    Subscription,
    SubscriptionItem,
)

_CHAINED: Final = ("actor_kind", "actor_id", "actor_label", "previous_hash", "hash")
_DOCUMENT: Final = (
    "id", "issue__reference", "issue__issued_at", "dated_on", "due_on", "currency", "net_minor", "tax_minor",
    "total_minor", "issue__open_minor", "issue__credited_minor", "void__at", "void__reason", "reason", "billed_to",
    "sold_by", "taxes",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One table of the archive. A column is named as its field; `issue__reference` is called `issue_reference`."""

    name: str
    says: str
    rows: Callable[[Account], QuerySet[Any]]
    fields: tuple[str, ...]

    @property
    def headings(self) -> list[str]:
        return [field.replace("__", "_") for field in self.fields]


def _of(model: type[Model], *order: str, where: Q | None = None) -> Callable[[Account], QuerySet[Any]]:
    def rows(account: Account) -> QuerySet[Any]:
        return QuerySet(model).filter(where or Q(), account_id=account.pk).order_by(*order)

    return rows


def _itself(account: Account) -> QuerySet[Any]:
    return Account.objects.filter(pk=account.pk)


_ISSUED: Final = Q(issue__isnull=False)
_INVOICES: Final = _ISSUED & Q(kind=DocumentKind.INVOICE)
_CREDIT_NOTES: Final = _ISSUED & Q(kind=DocumentKind.CREDIT_NOTE)

# fmt: off
SECTIONS: Final = (
    Section("account", "The account itself.", _itself, (
        "serial_number", "name", "kind", "region", "currency", "time_zone", "locale",
        "provider__name", "opened_at", "lapsed_at")),
    Section("brand", "For providers: how their customers see them; the picture is not in here.", _of(Brand, "account_id"), (
        "name", "address", "words", "accent_on_light", "accent_on_dark", "reply_to", "logo_digest", "changed_at")),
    Section("billing-details", "Whom invoices are made out to.", _of(BillingDetails, "account_id"), (
        "legal_name", "street", "city", "postcode", "country", "vat_number", "exempt_reason", "purchase_order",
        "copies_to", "terms_days")),
    Section("users", "Everybody who is or was a user.", _of(User, "added_at", "id"), (
        "id", "email", "first_name", "last_name", "phone", "is_active", "added_at", "invited_at", "last_login",
        "deleted_at")),
    Section("main-contact", "Who speaks for the account.", _of(MainContact, "account_id"), (
        "user_id", "user__email", "chosen_at")),
    Section("roles", "Roles and what each allows; an Administrator may do everything.", _of(Role, "name"), (
        "id", "name", "description", "built_in", "permissions")),
    Section("role-grants", "Who has which role.", _of(RoleGrant, "granted_at", "id"), (
        "user_id", "user__email", "role_id", "role__name", "granted_at")),
    Section("licences", "The licences of each type: how many there are, and until when.", _of(Pool, "opened_at", "id"), (
        "id", "licence_type__key", "licence_type__name", "terms", "total_licences", "assigned_licences",
        "expires_on", "opened_at")),
    Section("assignments", "Who or what holds a licence, and held one.", _of(Assignment, "assigned_at", "id"), (
        "id", "pool_id", "pool__licence_type__key", "user_id", "user__email", "device_id", "device__name",
        "source", "assigned_at", "released_at")),
    Section("devices", "Devices that are or were looked after.", _of(Device, "added_at", "id"), (
        "id", "name", "licence_type__key", "user_id", "user__email", "added_at", "removed_at")),
    Section("licence-ledger", "Every change of licences, chained by SHA-256.", _of(LedgerEntry, "sequence"), (
        "sequence", "at", "recorded_at", "pool_id", "licence_name", "kind", "cause", "bought_change",
        "held_change", "bought_after", "held_after", "user_id", "device_id", "source", "before", "after", "reason",
        *_CHAINED)),
    Section("licence-requests", "What was asked of the vendor.", _of(LicenceRequest, "asked_at", "id"), (
        "id", "licence_type__key", "number", "note", "asked_at", "asked_by_id")),
    Section("events", "Everything that happened, chained by SHA-256.", _of(Event, "sequence"), (
        "sequence", "at", "recorded_at", "kind", "payload", *_CHAINED)),
    Section("quotations", "What the vendor offered, and what was answered.", _of(Quotation, "sent_at", "id"), (
        "id", "number", "state", "valid_until", "currency", "now_minor", "now_tax_minor", "following_minor",
        "following_on", "note", "sent_at", "ended_at", "answered_by_id", "answer", "document__issue__reference", "paper")),
    Section("quotation-lines", "The lines of quotations.", _of(QuotationLine, "quotation_id", "position"), (
        "quotation_id", "quotation__number", "position", "name", "number", "price")),
    Section("subscriptions", "What was agreed.", _of(Subscription, "started_at", "id"), (
        "id", "sold_by", "started_at", "free_until", "ended_at")),
    Section("subscription-items", "Which licences are in a subscription.", _of(SubscriptionItem, "started_at", "id"), (
        "id", "subscription_id", "pool_id", "pool__licence_type__key", "started_at")),
    Section("subscription-changes", "Plans, numbers and ends, done or to come.", _of(Change, "asked_at", "id"), (
        "id", "subscription_id", "kind", "asked_at", "takes_effect", "effective_at", "applied_at",
        "version__plan__key", "version__number", "interval", "quantities", "agreed_prices", "item_id", "quantity")),
    Section("preferences", "How new users are treated.", _of(Preferences, "account_id"), (
        "on_joining", "on_none_left", "most_licences")),
    Section("email-domains", "From which addresses people may join.", _of(EmailDomain, "domain"), (
        "domain", "mailbox", "asked_at", "verified_at")),
    Section("invoices", "Invoices; each one's own files are in documents/.", _of(Document, "dated_on", "id", where=_INVOICES), (
        *_DOCUMENT,)),
    Section("credit-notes", "Credit notes, and what each corrects.", _of(Document, "dated_on", "id", where=_CREDIT_NOTES), (
        *_DOCUMENT, "corrects__issue__reference")),
    Section("invoice-lines", "The lines of both, with what each was worked out from.",
        _of(Line, "document_id", "position", where=Q(document__issue__isnull=False)), (
        "document_id", "document__issue__reference", "position", "licence_name", "text", "amount_minor", "tax_kind",
        "tax_percent", "period_starts_on", "period_ends_on", "revision", "rate", "shape", "totals")),
    Section("settlements", "How invoices were settled: by payments and credit.", _of(Settlement, "at", "id"), (
        "id", "invoice__issue__reference", "credit_note__issue__reference", "payment_id", "kind", "amount_minor", "at")),
    Section("payments", "Payments and what became of each.", _of(Payment, "intended_at", "id"), (
        "id", "document__issue__reference", "gateway", "reference", "state", "reason", "currency", "amount_minor",
        "applied_minor", "refunded_minor", "returned_minor", "reversed_minor", "intended_at", "ended_at")),
    Section("refunds", "Money that went back.", _of(Refund, "intended_at", "id"), (
        "id", "payment_id", "credit_note__issue__reference", "reference", "state", "reason", "currency",
        "amount_minor", "intended_at", "ended_at")),
    Section("disputes", "Payments that were disputed.", _of(Dispute, "opened_at", "id"), (
        "id", "payment_id", "reference", "state", "reason", "amount_minor", "opened_at", "ended_at")),
    Section("payment-methods", "Cards and accounts, as far as we know them.", _of(PaymentMethod, "added_at", "id"), (
        "id", "kind", "brand", "last_four", "expires_month", "expires_year", "is_default", "added_at", "removed_at")),
    Section("messages", "E-mails that were written to your people; words are not kept.", _of(Message, "queued_at", "id"), (
        "id", "kind", "recipient", "user_id", "queued_at", "sent_at", "given_up_at")),
)
# fmt: on
