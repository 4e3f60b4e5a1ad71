"""What becomes of every table of an account that moves: the one list, kept complete by a test.

A moved row is written without what means something in one cell alone. The ids of catalogue, sellers and numbered rows
become keys that both cells know; what each cell numbers by itself is left out and given anew. Asked of both cells, the
same question must come to the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from seatledger.domain.closures.inventory import BY_ITS_PEOPLE, LETTERS, MESSAGES, OF_ACCOUNT
from seatledger.shared.sealing import Purpose

_ABOUT_IT: Final = "about_id = %(account)s"
_OF_ITS_USERS: Final = "user_id IN (SELECT id FROM people_user WHERE account_id = %(account)s)"
_OF_ITS_EVENTS: Final = "event_id IN (SELECT id FROM events_event WHERE account_id = %(account)s)"
_OF_THEIR_DELIVERIES: Final = (
    "delivery_id IN (SELECT id FROM notifications_webhookdelivery WHERE account_id = %(account)s"
    " OR event_id IN (SELECT id FROM events_event WHERE account_id = %(account)s))"
)


@dataclass(frozen=True)
class Translated:
    """A column whose value both cells know by another name: SQL on the row `t` going out, on `x` coming in."""

    out: str
    into: str


@dataclass(frozen=True)
class Moved:
    """A table whose rows come along. `given_anew` are columns that the other cell fills by itself."""

    table: str
    where: str = OF_ACCOUNT
    translated: Mapping[str, Translated] = field(default_factory=dict)
    given_anew: tuple[str, ...] = ()
    in_order_of: str = ""


@dataclass(frozen=True)
class Sealed:
    """A table whose rows hold secrets of the installation: they travel sealed, row by row.

    `secrets` names the secret texts, as paths into the row; not every row has each.
    """

    table: str
    purpose: Purpose
    secrets: tuple[tuple[str, ...], ...]
    where: str = OF_ACCOUNT
    given_anew: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftBehind:
    """A table whose rows are erased and do not come along, and why."""

    table: str
    why: str
    where: str = OF_ACCOUNT


def by_key(table: str, column: str, key: str = "key") -> Translated:
    """Return how a reference to a row with a key of its own travels."""
    return Translated(
        f"(SELECT {key} FROM {table} WHERE id = t.{column})",  # noqa: S608 -- names are the program's own
        f"(SELECT id FROM {table} WHERE {key} = x.{column})",  # noqa: S608 -- the same
    )


_LICENCE_TYPE: Final = {"licence_type_id": by_key("catalogue_licencetype", "licence_type_id")}
_VERSION: Final = Translated(
    "(SELECT plan.key || '/' || version.number FROM catalogue_planversion version"
    " JOIN catalogue_plan plan ON plan.id = version.plan_id WHERE version.id = t.version_id)",
    "(SELECT version.id FROM catalogue_planversion version JOIN catalogue_plan plan ON plan.id = version.plan_id"
    " WHERE plan.key || '/' || version.number = x.version_id)",
)
# A series is known by its seller, its kind and the cell that gives its numbers.
SERIES: Final = (
    "(SELECT seller.key || '/' || series.kind || '/' || coalesce(nullif(series.region, ''), (SELECT region FROM cell))"
    " AS name, series.id FROM invoices_numberseries series JOIN invoices_seller seller ON seller.id = series.seller_id)"
)
_SERIES: Final = Translated(
    f"(SELECT name FROM {SERIES} known WHERE id = t.series_id)",  # noqa: S608 -- no value of anybody's
    f"(SELECT id FROM {SERIES} known WHERE name = x.series_id)",  # noqa: S608 -- the same
)
# An event is known by its number in the account's chain.
_EVENT: Final = Translated(
    "(SELECT sequence FROM events_event WHERE id = t.event_id)",
    "(SELECT id FROM events_event WHERE account_id = %(account)s AND sequence = x.event_id::bigint)",
)
_CAUSE: Final = Translated(
    "CASE WHEN t.cause ~ '^event:[0-9]+$' THEN"
    " 'event:' || (SELECT sequence FROM events_event WHERE id = substr(t.cause, 7)::bigint) ELSE t.cause END",
    "CASE WHEN x.cause ~ '^event:[0-9]+$' THEN 'event:' || (SELECT id FROM events_event"
    " WHERE account_id = %(account)s AND sequence = substr(x.cause, 7)::bigint) ELSE x.cause END",
)
# What the sandbox keeps of an account, as a gateway would: by the keys and references that the account's rows have.
_SANDBOX_CUSTOMER: Final = (
    "SELECT reference FROM payments_gatewaycustomer WHERE account_id = %(account)s AND gateway = 'sandbox'"
)
_SANDBOX_CHARGES: Final = (
    "charge_id IN (SELECT charge.id FROM sandbox_sandboxcharge charge"
    " JOIN payments_payment payment ON payment.id = charge.key WHERE payment.account_id = %(account)s)"
)
_CHARGE: Final = {"charge_id": by_key("sandbox_sandboxcharge", "charge_id", "reference")}

MOVED: Final = (
    Moved(
        "accounts_account",
        "id = %(account)s",
        {
            "region": Translated("''", "(SELECT region FROM cell)"),
            "moving_to": Translated("''", "(SELECT region FROM cell)"),
        },
    ),
    Moved("accounts_brand"),
    Moved("people_user"),
    Moved("people_role"),
    Moved("people_rolegrant"),
    Moved("people_maincontact"),
    Moved("people_knowndevice"),
    Moved("account_emailaddress", _OF_ITS_USERS, given_anew=("id",)),
    Moved("licences_pool", translated=_LICENCE_TYPE),
    Moved("licences_device", translated=_LICENCE_TYPE),
    Moved("licences_assignment"),
    Moved("licences_rolelicence", translated=_LICENCE_TYPE),
    Moved("licences_licencerequest", translated=_LICENCE_TYPE),
    Moved("events_event", given_anew=("id",), in_order_of="sequence"),
    Moved("licences_ledgerentry", given_anew=("id",), in_order_of="sequence"),
    Moved("subscriptions_subscription"),
    Moved("subscriptions_subscriptionitem"),
    Moved("subscriptions_change", translated={"version_id": _VERSION}),
    Moved("subscriptions_preferences"),
    Moved("subscriptions_emaildomain"),
    Moved("invoices_accountbilling"),
    Moved("invoices_billingdetails", translated={"seller_id": by_key("invoices_seller", "seller_id")}),
    Moved("invoices_onebill"),
    Moved("invoices_document"),
    Moved("invoices_line"),
    Moved("invoices_issue", translated={"series_id": _SERIES}),
    Moved("invoices_void"),
    Moved("invoices_documentfile"),
    Moved("invoices_balanceentry"),
    Moved("invoices_settlement"),
    Moved("payments_gatewaycustomer"),
    Moved("payments_paymentmethod"),
    Moved("payments_setup"),
    Moved("payments_order"),
    Moved("payments_quotation"),
    Moved("payments_quotationline"),
    Moved("payments_quotationfile"),
    Moved("payments_payment"),
    Moved("payments_refund"),
    Moved("payments_dispute"),
    Moved("payments_dunning"),
    Moved("sandbox_sandboxcustomer", f"reference IN ({_SANDBOX_CUSTOMER})", given_anew=("id",)),
    Moved("sandbox_sandboxmethod", f"customer IN ({_SANDBOX_CUSTOMER})", given_anew=("id",)),
    Moved(
        "sandbox_sandboxsetup",
        f"customer IN ({_SANDBOX_CUSTOMER})",
        {"method_id": by_key("sandbox_sandboxmethod", "method_id", "token")},
        given_anew=("id",),
    ),
    Moved(
        "sandbox_sandboxcharge",
        "key IN (SELECT id FROM payments_payment WHERE account_id = %(account)s)",
        given_anew=("id",),
    ),
    Moved("sandbox_sandboxrefund", _SANDBOX_CHARGES, _CHARGE, given_anew=("id",)),
    Moved("sandbox_sandboxdispute", _SANDBOX_CHARGES, _CHARGE, given_anew=("id",)),
    Moved("notifications_message", MESSAGES, {"cause": _CAUSE}),
    Moved("notifications_keptletter", LETTERS),
    Moved("notifications_messagechoice"),
    Moved("notifications_poolmark"),
    Moved("notifications_webhookendpoint"),
    Moved("notifications_webhookdelivery", translated={"event_id": _EVENT}),
    Moved("notifications_webhookattempt", given_anew=("id",)),
    Moved("figures_accountmonth", _ABOUT_IT, given_anew=("id",)),
    Moved("closures_closure"),
    Moved("closures_closurestep"),
    Moved("closures_closurecontact"),
)

SEALED: Final = (
    Sealed("notifications_webhooksecret", Purpose.WEBHOOKS, (("sealed",),)),
    Sealed(
        "mfa_authenticator",
        Purpose.SECOND_STEP,
        (("data", "secret"), ("data", "seed")),
        _OF_ITS_USERS,
        given_anew=("id",),
    ),
)

_ARCHIVES: Final = "An archive is made anew when somebody asks for it."
LEFT_BEHIND: Final = (
    LeftBehind("staff_staffdeed", "The staff of a region are its own.", _ABOUT_IT),
    LeftBehind("staff_staffview", "The staff of a region are its own.", _ABOUT_IT),
    LeftBehind(
        "account_emailconfirmation",
        "Nobody confirms an address in this way.",
        "email_address_id IN (SELECT address.id FROM account_emailaddress address"
        " JOIN people_user ON people_user.id = address.user_id WHERE account_id = %(account)s)",
    ),
    LeftBehind(
        "notifications_webhookattempt",
        "Deliveries to programs of the vendor are the region's.",
        _OF_THEIR_DELIVERIES,
    ),
    LeftBehind(
        "notifications_webhookdelivery",
        "Deliveries to programs of the vendor are the region's.",
        f"account_id = %(account)s OR {_OF_ITS_EVENTS}",
    ),
    LeftBehind("figures_renewal", "What is to come is worked out each night.", _ABOUT_IT),
    LeftBehind("figures_ending", "What is to come is worked out each night.", _ABOUT_IT),
    LeftBehind("exports_exportpart", _ARCHIVES),
    LeftBehind("exports_exportfile", _ARCHIVES),
    LeftBehind("exports_export", _ARCHIVES),
    LeftBehind("signups_signup", "Who asks for an account does so in one region.", BY_ITS_PEOPLE),
    LeftBehind("closures_certificate", "An erased account does not move."),
    LeftBehind("closures_erasedtable", "An erased account does not move."),
    LeftBehind("events_chainhead", "The chains of the other region make their own."),
)
