"""The account summary: what an account is on, what it pays and how, and what new users are given."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import HeldBy
from seatledger.domain.catalogue.words import subscription_type_of
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.models import PaymentMethod
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.domain.subscriptions.models import Preferences
from seatledger.domain.subscriptions.queries import AgreedLicence, Agreement, get_agreement
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.policies import ChargeModel
from seatledger.engine.prices import Exact, PerUnit
from seatledger.engine.rates import Rate


@dataclass(frozen=True)
class SummaryItem:
    """A licence type of the plan, with what it costs. Amounts are exact, in minor units, for one full interval.

    `number` is how many are paid for: those bought, or in arrears those held now. `unit_amount` is what one costs, None
    where it is included; where the number makes a difference to it, it is what one costs on average.
    """

    licence: AgreedLicence
    number: int
    unit_amount: Exact | None = None
    amount: Exact = 0
    is_average: bool = False

    @property
    def held_by(self) -> str:
        return "device" if self.licence.item.pool.licence_type.held_by == HeldBy.DEVICE else "user"

    @property
    def subscription_type(self) -> str:
        return subscription_type_of(self.licence.item.pool.licence_type)

    @property
    def is_prepaid(self) -> bool:
        """Say whether it is bought by number, and paid ahead."""
        tariff = self.licence.tariff
        return tariff is not None and tariff.charge_model is ChargeModel.PREPAID

    @property
    def is_maximum(self) -> bool:
        """Say whether the total is not paid for: what is held below it is."""
        tariff = self.licence.tariff
        return tariff is not None and tariff.charge_model is ChargeModel.CAPPED


@dataclass(frozen=True)
class AccountSummary:
    """Everything the Account summary shows of what was agreed."""

    agreement: Agreement
    items: tuple[SummaryItem, ...]
    preferences: Preferences
    method: PaymentMethod | None

    @property
    def currency(self) -> str:
        return self.agreement.currency

    @property
    def interval(self) -> Interval:
        """How often the plan is billed."""
        tariffs = [item.licence.tariff for item in self.priced if item.licence.tariff]
        return tariffs[0].interval if tariffs else Interval(Unit(self.agreement.interval))

    @property
    def priced(self) -> tuple[SummaryItem, ...]:
        """The licence types that are not included."""
        return tuple(item for item in self.items if item.unit_amount is not None)

    @property
    def is_bought(self) -> bool:
        """Say whether it is paid for, now or after a trial."""
        return self.agreement.paid_from is not None


def get_account_summary(account: Account, at: datetime) -> AccountSummary | None:
    """Return the summary of what was agreed as it stands at `at`, or None when nothing ever was."""
    agreement = get_agreement(account, at=at)
    if agreement is None:
        return None
    today = today_of(account, at)
    items = [_summary_item(licence, today) for licence in agreement.licences]
    return AccountSummary(
        agreement=agreement,
        # What merely counts has neither a price nor a number to show.
        items=tuple(item for item in items if item.unit_amount is not None or item.licence.total is not None),
        preferences=Preferences.objects.filter(account=account).first() or Preferences(account=account),
        method=get_default_method(account),
    )


def _summary_item(licence: AgreedLicence, today: date) -> SummaryItem:
    if licence.tariff is None:
        return SummaryItem(licence, licence.total or 0)
    prepaid = licence.tariff.charge_model is ChargeModel.PREPAID
    number = (licence.total or 0) if prepaid else licence.in_use
    rate = licence.tariff.rate_on(today)
    linear = _is_linear(rate)
    counted = 1 if linear else max(number, 1)
    return SummaryItem(
        licence=licence,
        number=number,
        unit_amount=Fraction(rate.amount(counted)) / counted,
        amount=rate.amount(number),
        is_average=not linear,
    )


def _is_linear(rate: Rate) -> bool:
    """Say whether every licence costs the same."""
    price = rate.price
    plain = not (price.free_quantity or price.minimum_quantity or price.minimum_amount)
    return plain and isinstance(price.scheme, PerUnit) and not any(cut.amount for cut in rate.reductions)
