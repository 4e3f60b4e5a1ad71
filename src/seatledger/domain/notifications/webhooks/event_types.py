"""What programs are told: each event type by its public name, and which of our events it stands for.

An event whose kind is not here is never sent. A house rule makes every kind of happening either public or private.
"""

from dataclasses import dataclass
from typing import Any, Final

TEST: Final = "webhook.test"


@dataclass(frozen=True)
class EventType:
    """One type of event: its name, the kind of event it stands for, and which object it is about.

    `id_in` is the name under which the event's facts hold the object's id; empty where the object is the account.
    `only_if` narrows the kind to events with this fact. `for_vendor` keeps it from customers.
    """

    name: str
    kind: str
    about: str
    id_in: str
    says: str
    only_if: tuple[str, str] | None = None
    for_vendor: bool = False

    def fits(self, facts: dict[str, Any]) -> bool:
        """Say whether an event of its kind with these facts is of this type."""
        return self.only_if is None or facts.get(self.only_if[0]) == self.only_if[1]


_INVOICE = ("document_kind", "invoice")
_CREDIT_NOTE = ("document_kind", "credit_note")

EVENT_TYPES: Final = (
    EventType("account.opened", "account_opened", "account", "", "An account was opened."),
    EventType(
        "account.changed",
        "account_settings_changed",
        "account",
        "",
        "Its name, time zone or language changed.",
    ),
    EventType(
        "account.main_contact_chosen",
        "main_contact_chosen",
        "account",
        "",
        "Another user speaks for the account.",
    ),
    EventType(
        "account.billing_details_changed",
        "billing_details_changed",
        "account",
        "",
        "Whom invoices are made out to changed; the facts name which fields, not what they say.",
    ),
    EventType(
        "account.closure_requested",
        "closure_requested",
        "account",
        "",
        "Deletion of the account was requested.",
    ),
    EventType(
        "account.closure_scheduled",
        "closure_scheduled",
        "account",
        "",
        "The vendor took note: the account will be closed on that day.",
    ),
    EventType(
        "account.closure_brought_forward",
        "closure_brought_forward",
        "account",
        "",
        "The account will be closed sooner.",
    ),
    EventType(
        "account.closure_withdrawn", "closure_withdrawn", "account", "", "The account stays after all."
    ),
    EventType(
        "account.closure_announced", "closure_announced", "account", "", "The account is about to be closed."
    ),
    EventType("account.closed", "account_closed", "account", "", "The account was closed; its data follows."),
    EventType(
        "account.lapsed",
        "account_lapsed",
        "account",
        "",
        "What is owed was not paid in the end; it is Expired.",
    ),
    EventType("account.restored", "account_restored", "account", "", "What it had lapsed for is paid."),
    EventType("user.added", "user_added", "user", "user_id", "A user was added."),
    EventType(
        "user.joined", "user_joined", "user", "user_id", "Somebody joined by an address in a proved domain."
    ),
    EventType(
        "user.invited", "user_invited", "user", "user_id", "A user was sent a link to choose a password."
    ),
    EventType("user.changed", "user_edited", "user", "user_id", "Details changed; the facts name which."),
    EventType("user.activated", "user_activated", "user", "user_id", "A user may sign in again."),
    EventType("user.deactivated", "user_deactivated", "user", "user_id", "A user may not sign in any more."),
    EventType("user.deleted", "user_deleted", "user", "user_id", "A user was deleted."),
    EventType("user.roles_changed", "roles_changed", "user", "user_id", "Roles were given or taken."),
    EventType("role.created", "role_created", "role", "role_id", "A role was created."),
    EventType("role.changed", "role_changed", "role", "role_id", "A role's name or permissions changed."),
    EventType("role.deleted", "role_deleted", "role", "role_id", "A role was deleted."),
    EventType(
        "role.licences_changed",
        "role_licences_changed",
        "role",
        "role_id",
        "Which licences a role gives changed.",
    ),
    EventType("device.added", "device_added", "device", "device_id", "A device was added."),
    EventType("device.changed", "device_edited", "device", "device_id", "A device's name or user changed."),
    EventType("device.removed", "device_removed", "device", "device_id", "A device was removed."),
    EventType("licence.assigned", "licence_assigned", "pool", "pool_id", "A user or device holds a licence."),
    EventType("licence.released", "licence_released", "pool", "pool_id", "A licence is free again."),
    EventType(
        "pool.changed",
        "pool_changed",
        "pool",
        "pool_id",
        "A pool's total, expiry or terms changed, from what to what.",
    ),
    EventType(
        "pool.ended",
        "licences_ended",
        "pool",
        "pool_id",
        "The last day of its licences is past; the facts say until when they may still be used.",
    ),
    EventType(
        "pool.access_ended",
        "access_ended",
        "pool",
        "pool_id",
        "Its licences may not be used any more; the facts say what the account is since.",
    ),
    EventType(
        "licences.requested",
        "licences_requested",
        "licence_request",
        "request_id",
        "A customer asks for more licences.",
    ),
    EventType(
        "quotation.sent", "quotation_sent", "quotation", "quotation_id", "Licences were offered in writing."
    ),
    EventType(
        "quotation.accepted",
        "quotation_accepted",
        "quotation",
        "quotation_id",
        "The customer accepted it; the licences are there.",
    ),
    EventType(
        "quotation.declined", "quotation_declined", "quotation", "quotation_id", "The customer said no to it."
    ),
    EventType(
        "quotation.withdrawn",
        "quotation_withdrawn",
        "quotation",
        "quotation_id",
        "The vendor took it back before it was accepted.",
    ),
    EventType(
        "subscription.started",
        "subscription_started",
        "subscription",
        "subscription_id",
        "An account is on a plan.",
    ),
    EventType(
        "subscription.change_agreed",
        "change_agreed",
        "subscription",
        "subscription_id",
        "A plan, a number or an end was agreed, for a day that may be to come.",
    ),
    EventType(
        "subscription.change_applied",
        "change_applied",
        "subscription",
        "subscription_id",
        "What was agreed counts from now on.",
    ),
    EventType(
        "subscription.change_withdrawn",
        "change_withdrawn",
        "subscription",
        "subscription_id",
        "What was agreed will not happen.",
    ),
    EventType(
        "order.placed", "order_placed", "account", "", "A customer bought or changed something himself."
    ),
    EventType(
        "order.failed", "order_failed", "order", "order_id", "An order was not done; what was paid goes back."
    ),
    EventType(
        "invoice.issued",
        "document_issued",
        "invoice",
        "document_id",
        "An invoice was issued.",
        only_if=_INVOICE,
    ),
    EventType(
        "credit_note.issued",
        "document_issued",
        "credit_note",
        "document_id",
        "A credit note was issued.",
        only_if=_CREDIT_NOTE,
    ),
    EventType(
        "invoice.credited",
        "invoice_credited",
        "invoice",
        "invoice_id",
        "A credit note was issued for the invoice.",
    ),
    EventType(
        "invoice.voided", "invoice_voided", "invoice", "document_id", "Nothing of the invoice is owed."
    ),
    EventType(
        "invoice.written_off",
        "invoice_written_off",
        "invoice",
        "document_id",
        "What was open of it was given up.",
        for_vendor=True,
    ),
    EventType(
        "invoice.dunning_begun",
        "dunning_begun",
        "invoice",
        "document_id",
        "It could not be paid, and is tried again.",
    ),
    EventType(
        "invoice.dunning_stepped",
        "dunning_stepped",
        "invoice",
        "document_id",
        "It was tried again and failed.",
    ),
    EventType(
        "invoice.dunning_ended", "dunning_ended", "invoice", "document_id", "It is not tried any more."
    ),
    EventType(
        "payment_method.added",
        "payment_method_added",
        "payment_method",
        "method_id",
        "A way to pay was added.",
    ),
    EventType(
        "payment_method.chosen",
        "payment_method_chosen",
        "payment_method",
        "method_id",
        "It is the default now.",
    ),
    EventType(
        "payment_method.removed",
        "payment_method_removed",
        "payment_method",
        "method_id",
        "A way to pay was removed.",
    ),
    EventType(
        "payment_method.expiring",
        "card_expiring",
        "payment_method",
        "method_id",
        "The default card expires soon.",
    ),
    EventType(
        "payment.needs_customer",
        "payment_needs_customer",
        "payment",
        "payment_id",
        "The customer's bank wants him to agree.",
    ),
    EventType("payment.pending", "payment_pending", "payment", "payment_id", "Its outcome comes later."),
    EventType("payment.succeeded", "payment_succeeded", "payment", "payment_id", "Money came in."),
    EventType("payment.failed", "payment_failed", "payment", "payment_id", "No money came in."),
    EventType(
        "payment.given_up",
        "payment_given_up",
        "payment",
        "payment_id",
        "The customer did not finish it with his bank.",
    ),
    EventType("payment.reversed", "payment_reversed", "payment", "payment_id", "The bank took it back."),
    EventType("refund.made", "refund_made", "refund", "refund_id", "Money went back."),
    EventType("refund.failed", "refund_failed", "refund", "refund_id", "Money could not be sent back."),
    EventType(
        "dispute.opened", "dispute_opened", "dispute", "dispute_id", "A payment is disputed.", for_vendor=True
    ),
    EventType("dispute.ended", "dispute_ended", "dispute", "dispute_id", "A dispute ended.", for_vendor=True),
    EventType(
        "billing.parked",
        "billing_parked",
        "account",
        "",
        "An account's billing waits for a person.",
        for_vendor=True,
    ),
    EventType(
        "billing.released", "billing_released", "account", "", "An account is billed again.", for_vendor=True
    ),
    EventType(
        "webhook.disabled",
        "webhook_endpoint_disabled",
        "webhook_endpoint",
        "endpoint_id",
        "Another endpoint of the account is not told any more, and why.",
    ),
)

# Why each of the others is nobody's business outside.
PRIVATE: Final = {
    "account_moved": "the other region tells its own programs from then on",
    "administrator_given": "`roles_changed` of the same moment tells it",
    "account_credited": "its credit note's own event tells it",
    "brand_changed": "how a provider looks to its customers",
    "domain_asked": "a code is on its way, which is for one mailbox alone",
    "domain_removed": "a setting of the portal",
    "domain_verified": "a setting of the portal",
    "export_asked": "a matter of the account's administrators",
    "export_downloaded": "a matter of the account's administrators",
    "export_ready": "a matter of the account's administrators",
    "files_made": "follows from the document by itself",
    "messages_chosen": "what somebody wants to be sent",
    "one_bill_agreed": "an agreement of the provider and the vendor",
    "one_bill_ended": "an agreement of the provider and the vendor",
    "payment_intended": "nothing has happened yet",
    "portal_viewed_by_staff": "nothing has changed",
    "preferences_changed": "a setting of the portal",
    "quotation_files_made": "follows from the quotation by itself",
    "refund_intended": "nothing has gone back yet",
    "signed_in_from_new_device": "for the person alone",
    "staff_acted": "what staff changed has an event of its own",
    "signed_up": "the opening of its account tells it",
    "trial_extended": "the expiry dates of its licences tell it",
    "webhook_endpoint_added": "about webhooks themselves",
    "webhook_endpoint_changed": "about webhooks themselves",
    "webhook_endpoint_enabled": "about webhooks themselves",
    "webhook_endpoint_removed": "about webhooks themselves",
    "webhook_secret_rotated": "about webhooks themselves",
}

NAMES: Final = tuple(event_type.name for event_type in EVENT_TYPES)
# What a customer can choose; the rest is for the vendor's own endpoints.
NAMES_FOR_CUSTOMERS: Final = tuple(each.name for each in EVENT_TYPES if not each.for_vendor)
PUBLIC_KINDS: Final = frozenset(event_type.kind for event_type in EVENT_TYPES)


def find_event_type(kind: str, facts: dict[str, Any]) -> EventType | None:
    """Return the type of an event of this kind with these facts; None for one that is private."""
    return next((each for each in EVENT_TYPES if each.kind == kind and each.fits(facts)), None)
