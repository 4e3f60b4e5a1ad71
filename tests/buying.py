"""An account in the United States on the Enterprise plan: 200.00 USD a year or 20.00 a month for each user.

Its locale writes amounts as the account summary of the reference does: $16.67.
"""

from datetime import date, datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import Plan, PlanItem, PlanVersion, Price, PriceInterval, Product
from seatledger.domain.invoices.models import DocumentKind, Seller
from seatledger.domain.licences.actions import NewAccount, NewUser, open_account
from seatledger.domain.payments.actions import NewMethod, add_method
from seatledger.domain.payments.models import MethodKind, PaymentMethod
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.domain.subscriptions.models import SoldBy, Subscription
from support import AT, STAFF, email_of, given_licence_type

CARD = NewMethod(MethodKind.CARD, "sandbox", "tok_1", "Visa", "4242", (2099, 5))
EXPIRED_CARD = NewMethod(MethodKind.CARD, "sandbox", "tok_2", "Visa", "1111", (2025, 12))
TRANSFER = NewMethod(MethodKind.TRANSFER)
MONTH, YEAR = PriceInterval.MONTH, PriceInterval.YEAR
ENTERPRISE = {MONTH: "20.00", YEAR: "200.00"}


def given_plan_in_dollars(key: str, items: dict[str, dict[str, str]], *, trial_days: int = 0) -> PlanVersion:
    """Return the first version of a plan: by licence type, what one costs by interval. It begins with one of each."""
    product, _ = Product.objects.get_or_create(key="suite", defaults={"name": "Suite"})
    plan, made = Plan.objects.get_or_create(
        key=key, defaults={"product": product, "name": key.title(), "trial_days": trial_days}
    )
    if not made:
        return plan.versions.select_related("plan").get(number=1)
    version = PlanVersion.objects.create(plan=plan, number=1, effective_on=date(2024, 1, 1))
    for name, prices in items.items():
        item = PlanItem.objects.create(version=version, licence_type=given_licence_type(name), licences=1)
        for interval, amount in prices.items():
            Price.objects.create(item=item, currency="USD", interval=interval, unit_amount=amount)
    return version


def enterprise() -> PlanVersion:
    return given_plan_in_dollars("enterprise", {"enterprise-user": ENTERPRISE}, trial_days=30)


def given_american_account(name: str = "Northwind") -> Account:
    """Open an account in New York, in dollars, whose administrator is Ann Lee."""
    account, _ = open_account(
        new=NewAccount(name, "us", currency="USD", time_zone="America/New_York", locale="en-US"),
        administrator=NewUser("Ann", "Lee", email_of("Ann Lee", name)),
        pools=(),
        at=AT,
        by=STAFF,
    )
    return account


def given_seller() -> Seller:
    """Return the vendor, without tax on what it sells at home, and with a sales team."""
    seller, made = Seller.objects.get_or_create(
        key="vendor",
        defaults={
            "name": "Vendor Inc",
            "street": "1 High Street",
            "city": "Boston",
            "country": "US",
            "email": "billing@vendor.example",
            "sales_contact": {
                "name": "Vendor Sales",
                "email": "sales@vendor.example",
                "phone": "+1 617 555 0100",
            },
            "is_default": True,
        },
    )
    if made:
        seller.tax_rules.create(country="US", kind="Z", percent=0, effective_on=date(2020, 1, 1))
        seller.series.create(kind=DocumentKind.INVOICE, prefix="INV-")
        seller.series.create(kind=DocumentKind.CREDIT_NOTE, prefix="CN-")
    return seller


def given_enterprise(
    account: Account | None = None,
    *,
    number: int = 1,
    interval: PriceInterval = YEAR,
    sold_by: SoldBy = SoldBy.ONLINE,
    trial: bool = False,
    at: datetime = AT,
) -> Subscription:
    """Put an account (an American one unless given) on the Enterprise plan, by the year unless told otherwise."""
    given_seller()
    quantities = {"enterprise-user": number}
    new = NewSubscription(enterprise(), interval, sold_by, quantities, trial)
    return start_subscription(account=account or given_american_account(), new=new, at=at, by=STAFF)


def given_method(account: Account, new: NewMethod = CARD) -> PaymentMethod:
    return add_method(account=account, new=new, at=AT, by=STAFF)
