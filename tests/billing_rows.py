"""One row in every table of subscriptions, invoices and payments, written as they are, for tests of the walls."""

from datetime import date

from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.closures.models import (
    Certificate,
    Closure,
    ClosureContact,
    ClosureState,
    ClosureStep,
    ErasedTable,
    StepKind,
)
from seatledger.domain.events.models import ActorKind
from seatledger.domain.invoices.models import (
    AccountBilling,
    BalanceEntry,
    BillingDetails,
    Document,
    DocumentFile,
    DocumentKind,
    EntryKind,
    FileKind,
    Issue,
    Line,
    NumberSeries,
    OneBill,
    Seller,
    Settlement,
    Void,
)
from seatledger.domain.licences.models import Pool
from seatledger.domain.payments.models import (
    Dispute,
    Dunning,
    GatewayCustomer,
    MethodKind,
    Order,
    Payment,
    PaymentMethod,
    PaymentState,
    Quotation,
    QuotationFile,
    QuotationLine,
    Refund,
    Setup,
)
from seatledger.domain.subscriptions.models import (
    Change,
    ChangeKind,
    EmailDomain,
    Preferences,
    Subscription,
    SubscriptionItem,
    TakesEffect,
)
from support import AT

DAY = date(2026, 3, 2)


def given_rows_of_billing(account: Account, pool: Pool) -> None:
    """Give an account a row in every table of the three rooms, and a brand."""
    Brand.objects.get_or_create(account=account, defaults={"changed_at": AT})
    subscription = Subscription.objects.create(account=account, started_at=AT)
    item = SubscriptionItem.objects.create(
        account=account, subscription=subscription, pool=pool, started_at=AT
    )
    given_quotation(account, item)
    Change.objects.create(
        account=account,
        subscription=subscription,
        number=1,
        kind=ChangeKind.END,
        asked_at=AT,
        takes_effect=TakesEffect.AT_PERIOD_END,
        effective_at=AT,
    )
    Preferences.objects.create(account=account)
    EmailDomain.objects.create(account=account, domain=f"{account.serial_number}.example", asked_at=AT)
    AccountBilling.objects.create(account=account, next_on=DAY)
    OneBill.objects.create(account=account, currency="GBP", from_on=DAY)
    BillingDetails.objects.create(account=account)
    given_rows_of_payments(account, given_document(account))
    given_rows_of_a_closure(account)


def given_quotation(account: Account, item: SubscriptionItem) -> Quotation:
    """Give an account a quotation for five more of an item, that waits for its answer."""
    quotation = Quotation.objects.create(
        account=account,
        number=f"{account.serial_number}-Q1",
        valid_until=DAY,
        currency="GBP",
        now_minor=2129,
        now_tax_minor=0,
        following_minor=18000,
        following_on=DAY,
        paper={"sold_by": {}, "billed_to": {}, "lines": [], "taxes": []},
        sent_at=AT,
    )
    QuotationLine.objects.create(
        account=account,
        quotation=quotation,
        position=1,
        item=item,
        name="Professional User",
        number=5,
        price="12.00 GBP per licence per month",
    )
    QuotationFile.objects.create(
        account=account, quotation=quotation, kind=FileKind.PDF, content=b"%PDF", made_at=AT
    )
    return quotation


def given_rows_of_a_closure(account: Account) -> None:
    closure = Closure.objects.create(
        account=account, state=ClosureState.WITHDRAWN, requested_at=AT, takes_effect_at=AT
    )
    of = {"account": account, "closure": closure}
    ClosureStep.objects.create(**of, number=1, kind=StepKind.REQUESTED, at=AT, actor_kind=ActorKind.STAFF)
    ClosureContact.objects.create(**of, email="ann.lee@northwind.example", name="Ann Lee")
    ErasedTable.objects.create(**of, table="people_user", rows=1)
    Certificate.objects.create(**of, content="{}", issued_at=AT)


def given_rows_of_payments(account: Account, invoice: Document) -> None:
    PaymentMethod.objects.create(account=account, kind=MethodKind.TRANSFER, added_at=AT)
    GatewayCustomer.objects.create(account=account, gateway="sandbox", reference="c", made_at=AT)
    Setup.objects.create(account=account, gateway="sandbox", kind=MethodKind.CARD, begun_at=AT)
    Order.objects.create(account=account, what={}, currency="GBP", total_minor=1200, confirmed_at=AT)
    payment = Payment.objects.create(
        account=account,
        gateway="sandbox",
        state=PaymentState.SUCCEEDED,
        currency="GBP",
        amount_minor=1200,
        intended_at=AT,
    )
    Refund.objects.create(account=account, payment=payment, currency="GBP", amount_minor=100, intended_at=AT)
    Dispute.objects.create(
        account=account,
        payment=payment,
        reference=f"d-{account.serial_number}",
        amount_minor=100,
        opened_at=AT,
    )
    Dunning.objects.create(account=account, invoice=invoice, begun_at=AT)


def given_document(account: Account) -> Document:
    """Give an account an invoice that was issued, partly paid, and declared void, with a line and a file."""
    seller, _ = Seller.objects.get_or_create(
        key="vendor",
        defaults={"name": "Vendor Ltd", "street": "1 High Street", "city": "Leeds", "country": "GB"},
    )
    series, _ = NumberSeries.objects.get_or_create(
        seller=seller, kind=DocumentKind.INVOICE, defaults={"prefix": "INV-"}
    )
    document = Document.objects.create(
        account=account,
        kind=DocumentKind.INVOICE,
        currency="GBP",
        dated_on=DAY,
        due_on=DAY,
        net_minor=1000,
        tax_minor=200,
        total_minor=1200,
        billed_to={},
        sold_by={},
        taxes=[],
        made_at=AT,
    )
    Line.objects.create(
        document=document,
        position=1,
        account_id=account.pk,
        text="Setting up",
        amount_minor=1000,
        tax_kind="S",
        tax_percent=20,
    )
    _issue(document, series)
    return document


def _issue(document: Document, series: NumberSeries) -> None:
    account = document.account
    number = Issue.objects.filter(series=series).count() + 1
    Issue.objects.create(
        document=document,
        account=account,
        series=series,
        number=number,
        reference=f"INV-{number}",
        issued_at=AT,
        total_minor=1200,
        open_minor=700,
    )
    Void.objects.create(account=account, document=document, at=AT, reason="Made twice")
    DocumentFile.objects.create(
        account=account, document=document, kind=FileKind.PDF, content=b"%PDF", made_at=AT
    )
    BalanceEntry.objects.create(
        account=account,
        sequence=1,
        kind=EntryKind.INVOICE,
        at=AT,
        dated_on=DAY,
        currency="GBP",
        amount_minor=1200,
        balance_minor=1200,
        document=document,
    )
    Settlement.objects.create(
        account=account, invoice=document, kind=EntryKind.WRITE_OFF, amount_minor=500, at=AT
    )
