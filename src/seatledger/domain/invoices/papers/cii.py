"""CII: a structured invoice as a UN/CEFACT Cross Industry Invoice, which is also what Factur-X carries.

Source: EN 16931-3-3, and the Factur-X 1.09 schema of its profile EN 16931, which fixes the order.
"""

from datetime import date

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

_E = Syntax(
    {
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
        "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    }
)


def write_cii(invoice: StructuredInvoice) -> bytes:
    """Return the invoice or credit note as an XML document."""
    context = _E("ram:GuidelineSpecifiedDocumentContextParameter", _E("ram:ID", SPECIFICATION))
    return to_bytes(
        _E(
            "rsm:CrossIndustryInvoice",
            _E("rsm:ExchangedDocumentContext", context),
            _E(
                "rsm:ExchangedDocument",
                _E("ram:ID", invoice.number),
                _E("ram:TypeCode", invoice.type_code),
                _E("ram:IssueDateTime", _day(invoice.dated_on)),
                *[
                    note
                    for note in [_E("ram:IncludedNote", _E("ram:Content", invoice.note))]
                    if note is not None
                ],
            ),
            _E(
                "rsm:SupplyChainTradeTransaction",
                *[_item(item) for item in invoice.items],
                _agreement(invoice),
                _delivery(invoice.buyer),
                _settlement(invoice),
            ),
        )
    )


def _item(item: Item) -> Element:
    price = _E("ram:ChargeAmount", item.price.to_text())
    tax = _E(
        "ram:ApplicableTradeTax",
        _E("ram:TypeCode", "VAT"),
        _E("ram:CategoryCode", item.category),
        _E("ram:RateApplicablePercent", number(item.rate)),
    )
    total = _E("ram:LineTotalAmount", item.net.to_text())
    return _E(
        "ram:IncludedSupplyChainTradeLineItem",
        _E("ram:AssociatedDocumentLineDocument", _E("ram:LineID", item.number)),
        _E("ram:SpecifiedTradeProduct", _E("ram:Name", item.name), _E("ram:Description", item.description)),
        _E("ram:SpecifiedLineTradeAgreement", _E("ram:NetPriceProductTradePrice", price)),
        _E(
            "ram:SpecifiedLineTradeDelivery",
            _E("ram:BilledQuantity", str(item.quantity), unitCode=ONE_OF_IT),
        ),
        _E(
            "ram:SpecifiedLineTradeSettlement",
            tax,
            _period(item.starts_on, item.ends_on),
            _E("ram:SpecifiedTradeSettlementLineMonetarySummation", total),
        ),
    )


def _agreement(invoice: StructuredInvoice) -> Element:
    order = _E("ram:IssuerAssignedID", invoice.purchase_order)
    return _E(
        "ram:ApplicableHeaderTradeAgreement",
        _party("ram:SellerTradeParty", invoice.seller),
        _party("ram:BuyerTradeParty", invoice.buyer),
        _E("ram:BuyerOrderReferencedDocument", order),
    )


def _party(name: str, trader: Trader) -> Element:
    phone = _E("ram:CompleteNumber", trader.phone)
    contact = _E(
        "ram:DefinedTradeContact",
        _E("ram:TelephoneUniversalCommunication", phone),
        _E("ram:EmailURIUniversalCommunication", _E("ram:URIID", trader.email)),
    )
    address = _E(
        "ram:PostalTradeAddress",
        _E("ram:PostcodeCode", trader.postcode),
        _E("ram:LineOne", trader.street),
        _E("ram:CityName", trader.city),
        _E("ram:CountryID", trader.country),
    )
    return _E(
        name,
        _E("ram:Name", trader.name),
        _E("ram:SpecifiedLegalOrganization", _E("ram:ID", trader.registration)),
        contact,
        address,
        _E("ram:URIUniversalCommunication", _E("ram:URIID", trader.email, schemeID="EM")),
        _E("ram:SpecifiedTaxRegistration", _E("ram:ID", trader.vat_number, schemeID="VA")),
    )


def _delivery(buyer: Trader) -> Element:
    """Return where it is delivered: services, in the customer's country. The element must be there, and not empty."""
    address = _E("ram:PostalTradeAddress", _E("ram:CountryID", buyer.country))
    return _E("ram:ApplicableHeaderTradeDelivery", _E("ram:ShipToTradeParty", address))


def _settlement(invoice: StructuredInvoice) -> Element:
    terms = _E(
        "ram:SpecifiedTradePaymentTerms",
        _E("ram:Description", invoice.terms),
        _E("ram:DueDateDateTime", _day(invoice.due_on)),
    )
    corrects = _E(
        "ram:InvoiceReferencedDocument",
        _E("ram:IssuerAssignedID", invoice.corrects),
        _E("ram:FormattedIssueDateTime", _day(invoice.corrects_dated_on, prefix="qdt")),
    )
    return _E(
        "ram:ApplicableHeaderTradeSettlement",
        _E("ram:PaymentReference", invoice.remittance),
        _E("ram:InvoiceCurrencyCode", invoice.currency),
        _transfer(invoice.transfer) if invoice.transfer else None,
        *[_subtotal(subtotal) for subtotal in invoice.subtotals],
        _period(invoice.starts_on, invoice.ends_on),
        terms,
        _sums(invoice),
        corrects,
    )


def _transfer(transfer: Transfer) -> Element:
    account = _E(
        "ram:PayeePartyCreditorFinancialAccount",
        _E("ram:IBANID", transfer.iban),
        _E("ram:AccountName", transfer.name),
    )
    bank = _E("ram:BICID", transfer.bic)
    return _E(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        _E("ram:TypeCode", transfer.means),
        account,
        _E("ram:PayeeSpecifiedCreditorFinancialInstitution", bank),
    )


def _subtotal(subtotal: Subtotal) -> Element:
    return _E(
        "ram:ApplicableTradeTax",
        _E("ram:CalculatedAmount", subtotal.tax.to_text()),
        _E("ram:TypeCode", "VAT"),
        _E("ram:ExemptionReason", subtotal.reason),
        _E("ram:BasisAmount", subtotal.net.to_text()),
        _E("ram:CategoryCode", subtotal.category),
        _E("ram:RateApplicablePercent", number(subtotal.rate)),
    )


def _sums(invoice: StructuredInvoice) -> Element:
    return _E(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _E("ram:LineTotalAmount", invoice.net.to_text()),
        _E("ram:TaxBasisTotalAmount", invoice.net.to_text()),
        _E("ram:TaxTotalAmount", invoice.tax.to_text(), currencyID=invoice.currency),
        _E("ram:GrandTotalAmount", invoice.total.to_text()),
        _E("ram:TotalPrepaidAmount", invoice.prepaid.to_text()),
        _E("ram:DuePayableAmount", invoice.to_pay.to_text()),
    )


def _period(first: date | None, last: date | None) -> Element | None:
    starts, ends = _E("ram:StartDateTime", _day(first)), _E("ram:EndDateTime", _day(last))
    return _E("ram:BillingSpecifiedPeriod", starts, ends)


def _day(day: date | None, *, prefix: str = "udt") -> Element | None:
    return _E(f"{prefix}:DateTimeString", f"{day:%Y%m%d}", format="102") if day else None
