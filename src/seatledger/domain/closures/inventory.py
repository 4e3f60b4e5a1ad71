"""What becomes of every table of an account when it is erased: the one list, kept complete by a test.

Erased tables are emptied of the account's rows in the order given, so that nothing is left pointing at nothing. Kept
tables stay under a named duty; what in them could name a person is blanked.
"""

from dataclasses import dataclass, field
from typing import Final

# The account's rows, and those that hang on its users; in SQL, of the account `%(account)s`.
OF_ACCOUNT: Final = "account_id = %(account)s"
_ABOUT_IT: Final = "about_id = %(account)s"
_OF_ITS_USERS: Final = "user_id IN (SELECT id FROM people_user WHERE account_id = %(account)s)"
_OF_THEIR_ADDRESSES: Final = (
    "email_address_id IN (SELECT address.id FROM account_emailaddress address"
    " JOIN people_user ON people_user.id = address.user_id WHERE account_id = %(account)s)"
)

_OF_ITS_EVENTS: Final = (
    "(account_id = %(account)s OR event_id IN (SELECT id FROM events_event WHERE account_id = %(account)s))"
)
_OF_THEIR_DELIVERIES: Final = (
    "delivery_id IN (SELECT delivery.id FROM notifications_webhookdelivery delivery"
    " LEFT JOIN events_event event ON event.id = delivery.event_id"
    " WHERE %(account)s IN (delivery.account_id, event.account_id))"
)

# What was written before the account was opened is its own too.
MESSAGES: Final = "(account_id = %(account)s OR about ->> 'signup_id' = %(account)s::text)"
LETTERS: Final = (
    "message_id IN (SELECT id FROM notifications_message"
    " WHERE account_id = %(account)s OR about ->> 'signup_id' = %(account)s::text)"
)
BY_ITS_PEOPLE: Final = "(id = %(account)s OR lower(email) IN (SELECT lower(email) FROM people_user WHERE account_id = %(account)s))"

RETENTION: Final = (
    "Invoices, credit notes, what was paid and what is owed: the seller's duty to keep his books, as set by the law of"
    " his country."
)
FIGURES: Final = (
    "The figures of the business, which have to add up: amounts a month, without anybody's name; the account's own row is"
    " emptied of it."
)
PROOF: Final = "The closure itself: the proof of this erasure."


@dataclass(frozen=True)
class Erased:
    """The rows of a table that go. `where` is an SQL condition on `%(account)s`.

    What is `chained` is deleted by a function of the database alone, which asks for a closed account first.
    """

    table: str
    where: str = OF_ACCOUNT
    chained: bool = False


@dataclass(frozen=True)
class Kept:
    """A table whose rows stay, and why. `blanked` maps columns to the SQL value they get; `where` is as for `Erased`."""

    table: str
    duty: str
    blanked: dict[str, str] = field(default_factory=dict)
    where: str = OF_ACCOUNT


ERASED: Final = (
    Erased("closures_closurecontact"),
    Erased("exports_exportpart"),
    Erased("exports_exportfile"),
    Erased("exports_export"),
    Erased("staff_staffdeed", _ABOUT_IT),
    Erased("staff_staffview", _ABOUT_IT),
    Erased("figures_renewal", _ABOUT_IT),
    Erased("figures_ending", _ABOUT_IT),
    Erased("notifications_keptletter", LETTERS),
    Erased("notifications_message", MESSAGES),
    Erased("notifications_messagechoice"),
    Erased("notifications_poolmark"),
    Erased("people_knowndevice"),
    Erased("notifications_webhookattempt", _OF_THEIR_DELIVERIES),
    Erased("notifications_webhookdelivery", _OF_ITS_EVENTS),
    Erased("notifications_webhooksecret"),
    Erased("notifications_webhookendpoint"),
    Erased("events_event", chained=True),
    Erased("licences_ledgerentry", chained=True),
    Erased("account_emailconfirmation", _OF_THEIR_ADDRESSES),
    Erased("account_emailaddress", _OF_ITS_USERS),
    Erased("mfa_authenticator", _OF_ITS_USERS),
    Erased("payments_quotationfile"),
    Erased("payments_quotationline"),
    Erased("payments_quotation"),
    Erased("payments_setup"),
    Erased("payments_dunning"),
    Erased("payments_order"),
    Erased("payments_paymentmethod"),
    Erased("payments_gatewaycustomer"),
    Erased("invoices_accountbilling"),
    Erased("invoices_billingdetails"),
    Erased("invoices_onebill"),
    Erased("subscriptions_change"),
    Erased("subscriptions_subscriptionitem"),
    Erased("subscriptions_subscription"),
    Erased("subscriptions_preferences"),
    Erased("subscriptions_emaildomain"),
    Erased("licences_licencerequest"),
    Erased("licences_rolelicence"),
    Erased("licences_assignment"),
    Erased("licences_device"),
    Erased("licences_pool"),
    Erased("signups_signup", BY_ITS_PEOPLE),
    Erased("people_maincontact"),
    Erased("people_rolegrant"),
    Erased("people_role"),
    Erased("people_user"),
    Erased("accounts_brand"),
)

KEPT: Final = (
    Kept("invoices_document", RETENTION),
    Kept("invoices_line", RETENTION),
    Kept("invoices_issue", RETENTION),
    Kept("invoices_void", RETENTION),
    Kept("invoices_documentfile", RETENTION),
    Kept("invoices_balanceentry", RETENTION),
    Kept("invoices_settlement", RETENTION),
    Kept("payments_payment", RETENTION, {"method_id": "NULL", "order_id": "NULL", "next_url": "''"}),
    Kept("payments_refund", RETENTION, {"why": "''"}),
    Kept("payments_dispute", RETENTION),
    Kept("figures_accountmonth", FIGURES, where=_ABOUT_IT),
    Kept("closures_closure", PROOF, {"requested_by_id": "NULL", "held_up_by": "''"}),
    Kept("closures_closurestep", PROOF, {"actor_id": "NULL", "reason": "''", "reference": "''"}),
    Kept("closures_erasedtable", PROOF),
    Kept("closures_certificate", PROOF),
)
