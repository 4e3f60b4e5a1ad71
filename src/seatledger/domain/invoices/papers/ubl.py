"""UBL: a structured invoice as an Invoice or a CreditNote of the Universal Business Language 2.1.

Source: EN 16931-3-2, and the OASIS UBL 2.1 schemas, which fix the order.
"""

from datetime import date
from typing import Final

from seatledger.domain.invoices.papers.elements import Element, Syntax, number, to_bytes
from seatledger.domain.invoices.papers.semantics import (
    ONE_OF_IT,
    SPECIFICATION,
    Item,
    StructuredInvoice,
    Subtotal,
    Trader,
    Transfer,
)
from seatledger.engine.money import Money

_SCHEMA: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_COMMON: Final[dict[str | None, str]] = {
    "cac": f"{_SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{_SCHEMA}CommonBasicComponents-2",
}
_E = Syntax(_COMMON)


def write_ubl(invoice: StructuredInvoice) -> bytes:
    """Return the invoice or credit note as an XML document."""
    what = "CreditNote" if invoice.type_code == "381" else "Invoice"
    root = Syntax({None: f"{_SCHEMA}{what}-2", **_COMMON})
    parts = (
        _E("cbc:CustomizationID", SPECIFICATION),
        _E("cbc:ID", invoice.number),
        _day("IssueDate", invoice.dated_on),
        _day("DueDate", invoice.due_on),
        _E(f"cbc:{what}TypeCode", invoice.type_code),
        _E("cbc:Note", invoice.note),
        _E("cbc:DocumentCurrencyCode", invoice.currency),
        _period(invoice.starts_on, invoice.ends_on),
        _E("cac:OrderReference", _E("cbc:ID", invoice.purchase_order)),
        _corrects(invoice),
        _E("cac:AccountingSupplierParty", _party(invoice.seller)),
        _E("cac:AccountingCustomerParty", _party(invoice.buyer)),
        _delivery(invoice.buyer),
        _transfer(invoice.transfer, invoice.remittance) if invoice.transfer else None,
        _E("cac:PaymentTerms", _E("cbc:Note", invoice.terms)),
        _E(
            "cac:TaxTotal",
            _amount("TaxAmount", invoice.tax),
            *[_subtotal(each) for each in invoice.subtotals],
        ),
        _sums(invoice),
        *[_item(item, what) for item in invoice.items],
    )
    return to_bytes(root(what, *parts))


def _corrects(invoice: StructuredInvoice) -> Element | None:
    named = _E("cbc:ID", invoice.corrects)
    dated = _day("IssueDate", invoice.corrects_dated_on)
    return _E("cac:BillingReference", _E("cac:InvoiceDocumentReference", named, dated))


def _party(trader: Trader) -> Element:
    address = _E(
        "cac:PostalAddress",
        _E("cbc:StreetName", trader.street),
        _E("cbc:CityName", trader.city),
        _E("cbc:PostalZone", trader.postcode),
        _E("cac:Country", _E("cbc:IdentificationCode", trader.country)),
    )
    vat = (
        _E("cac:PartyTaxScheme", _E("cbc:CompanyID", trader.vat_number), _scheme())
        if trader.vat_number
        else None
    )
    legal = _E(
        "cac:PartyLegalEntity",
        _E("cbc:RegistrationName", trader.name),
        _E("cbc:CompanyID", trader.registration),
    )
    contact = _E("cac:Contact", _E("cbc:Telephone", trader.phone), _E("cbc:ElectronicMail", trader.email))
    endpoint = _E("cbc:EndpointID", trader.email, schemeID="EM")
    return _E("cac:Party", endpoint, address, vat, legal, contact)


def _delivery(buyer: Trader) -> Element:
    """Return where it is delivered: services, in the customer's country."""
    country = _E("cac:Country", _E("cbc:IdentificationCode", buyer.country))
    return _E("cac:Delivery", _E("cac:DeliveryLocation", _E("cac:Address", country)))


def _transfer(transfer: Transfer, remittance: str) -> Element:
    account = _E(
        "cac:PayeeFinancialAccount",
        _E("cbc:ID", transfer.iban),
        _E("cbc:Name", transfer.name),
        _E("cac:FinancialInstitutionBranch", _E("cbc:ID", transfer.bic)),
    )
    means = _E("cbc:PaymentMeansCode", transfer.means)
    return _E("cac:PaymentMeans", means, _E("cbc:PaymentID", remittance), account)


def _subtotal(subtotal: Subtotal) -> Element:
    category = _E(
        "cac:TaxCategory",
        _E("cbc:ID", subtotal.category),
        _E("cbc:Percent", number(subtotal.rate)),
        _E("cbc:TaxExemptionReason", subtotal.reason),
        _scheme(),
    )
    net, tax = _amount("TaxableAmount", subtotal.net), _amount("TaxAmount", subtotal.tax)
    return _E("cac:TaxSubtotal", net, tax, category)


def _sums(invoice: StructuredInvoice) -> Element:
    return _E(
        "cac:LegalMonetaryTotal",
        _amount("LineExtensionAmount", invoice.net),
        _amount("TaxExclusiveAmount", invoice.net),
        _amount("TaxInclusiveAmount", invoice.total),
        _amount("PrepaidAmount", invoice.prepaid),
        _amount("PayableAmount", invoice.to_pay),
    )


def _item(item: Item, what: str) -> Element:
    category = _E(
        "cac:ClassifiedTaxCategory",
        _E("cbc:ID", item.category),
        _E("cbc:Percent", number(item.rate)),
        _scheme(),
    )
    quantity = "CreditedQuantity" if what == "CreditNote" else "InvoicedQuantity"
    return _E(
        f"cac:{what}Line",
        _E("cbc:ID", item.number),
        _E(f"cbc:{quantity}", str(item.quantity), unitCode=ONE_OF_IT),
        _amount("LineExtensionAmount", item.net),
        _period(item.starts_on, item.ends_on),
        _E("cac:Item", _E("cbc:Description", item.description), _E("cbc:Name", item.name), category),
        _E("cac:Price", _amount("PriceAmount", item.price)),
    )


def _scheme() -> Element:
    return _E("cac:TaxScheme", _E("cbc:ID", "VAT"))


def _amount(name: str, money: Money) -> Element:
    return _E(f"cbc:{name}", money.to_text(), currencyID=money.currency)


def _period(first: date | None, last: date | None) -> Element | None:
    return _E("cac:InvoicePeriod", _day("StartDate", first), _day("EndDate", last))


def _day(name: str, day: date | None) -> Element | None:
    return _E(f"cbc:{name}", day.isoformat()) if day else None
