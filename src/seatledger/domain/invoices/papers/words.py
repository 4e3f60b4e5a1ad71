"""The words of a paper, by language, and how figures and days are written on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money

ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """Every label of a paper in one language. Another language is another value in `WORDS`."""

    locale: str
    invoice: str = "Invoice"
    credit_note: str = "Credit note"
    billed_to: str = "Billed to"
    number: str = "Number"
    dated_on: str = "Date"
    due_on: str = "Due"
    purchase_order: str = "Your order"
    customer_number: str = "Account"
    corrects: str = "For invoice"
    corrects_of: str = "Invoice date"
    reason: str = "Reason"
    description: str = "Description"
    seats: str = "Seats"
    each: str = "Each"
    amount: str = "Amount"
    vat: str = "VAT"
    tax: str = "Tax"
    tax_amount: str = "amount"
    net: str = "Net"
    subtotal: str = "Total before tax"
    total: str = "Total"
    credit_used: str = "Less your credit"
    to_pay: str = "To pay"
    to_pay_by: str = "To pay by"
    credited: str = "Credited"
    payment: str = "How to pay"
    transfer_to: str = "Transfer to"
    iban: str = "IBAN"
    bic: str = "BIC"
    transfer_reference: str = "Reference"
    reference_hint: str = "Please give the reference, so that your payment is found."
    code_hint: str = "Scan to pay"
    nothing_to_pay: str = "Nothing is left to pay: your credit covers it."
    credit_terms: str = "This amount counts for you: it lowers what is open on your account, and what is left of it your next invoice."
    working: str = "How each amount comes about"
    working_lead: str = "Every line of this document, worked out step by step. Amounts are in"
    page: str = "Page"
    page_of: str = "of"
    vat_number: str = "VAT number"
    quotation: str = "Quotation"
    quoted_to: str = "Prepared for"
    valid_until: str = "Valid until"
    note: str = "Note"
    offered: str = "What is offered"
    licence: str = "Licence"
    more: str = "More"
    price: str = "Price, without tax"
    if_accepted: str = "If accepted on"
    following: str = "Next invoice,"
    with_tax: str = "tax included"
    accepting: str = "How to accept"
    accept_at: str = "On this page"
    accept_hint: str = "What is left of a paid period costs less every day: the page shows the exact amounts of the day before you accept. The prices are as they stand here."
    nothing_now: str = "Nothing is charged at once."
    due_anyway: str = "Less what is due that day without it"


WORDS: Final = {ENGLISH: Words(locale="en_GB")}

# What is printed, and told in XML, when no tax is charged and the document gives no reason of its own.
REASONS: Final = {
    ENGLISH: {
        "E": "Exempt from tax",
        "AE": "Reverse charge: the customer accounts for the tax",
        "G": "Supplied to a customer outside the tax area",
        "O": "Not subject to tax",
    }
}


def words_of(language: str) -> Words:
    """Return the labels of a language, or the English ones for a language that has none yet."""
    return WORDS.get(language, WORDS[ENGLISH])


def reason_of(tax_kind: str, language: str) -> str:
    """Return why no tax is charged, for a kind that needs a reason; empty for one that must have none."""
    return REASONS.get(language, REASONS[ENGLISH]).get(tax_kind, "")


def figure(money: Money, language: str) -> str:
    """Return an amount as it stands in a column: `1,234.50`, without its currency."""
    exponent = exponent_of(money.currency)
    amount = Decimal(money.amount_minor).scaleb(-exponent)
    decimals = f".{'0' * exponent}" if exponent else ""
    text = format_decimal(amount, format=f"#,##0{decimals}", locale=words_of(language).locale)
    return text.replace("-", "\u2212")  # a minus sign, as wide as a figure


def day(when: date, language: str) -> str:
    """Return a day in full: `2 March 2026`."""
    return format_date(when, format="long", locale=words_of(language).locale)


def percent(share: Decimal, language: str) -> str:
    """Return `20 %`, and `7.7 %` where it is finer."""
    number = format_decimal(share, format="#,##0.###", locale=words_of(language).locale)
    return f"{number}\u00a0%"


@cache
def country(code: str, language: str) -> str:
    """Return a country's name: `Germany` for DE. What is no code comes back as it is."""
    name: str = Locale.parse(words_of(language).locale).territories.get(code, code)
    return name
