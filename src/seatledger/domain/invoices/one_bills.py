"""One bill for all customers of a provider: who is billed so, for which periods, and what the provider is charged together.

Customers are read and rated one by one like everybody else; only whom a charge is made out to differs. A provider and its
customers are billed in one go, so that what is due on a day is on one document.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.drafts import Charge
from seatledger.domain.invoices.models import AccountBilling, OneBill
from seatledger.domain.invoices.rating import Due
from seatledger.shared.arrays import uuid_array
from seatledger.shared.errors import Refused


class BilledToProvider(Refused):
    """The provider pays for this account."""

    code = "billed_to_provider"


class CustomersCharge(NamedTuple):
    """A charge that a provider is billed for, and the customer it is for; without a name, the provider's own."""

    charge: Charge
    customer: str


# Nearly none of a thousand accounts is a provider, and as a list of parameters their ids would be looked at one by one.
_OF_PROVIDERS = "SELECT * FROM invoices_onebill WHERE account_id = ANY(%s::uuid[])"

Agreed = Mapping[UUID, Sequence[OneBill]]
# What a provider is charged on each day, and what an account is, by the account.
Shares = Mapping[UUID, Sequence[tuple[Due, Mapping[str, str]]]]


def pays_by_itself(account: Account) -> bool:
    """Say whether what begins now is billed to the account itself."""
    if account.provider_id is None:
        return True
    going_on = OneBill.objects.filter(
        account=account.provider_id, currency=account.currency, until_on__isnull=True
    )
    return not going_on.exists()


def provider_billed_for(account: Account) -> Account | None:
    """Return the provider that pays for periods of the account, those that are over included; None where none does."""
    if account.provider is None:
        return None
    agreed = OneBill.objects.filter(account=account.provider, currency=account.currency)
    return account.provider if agreed.exists() else None


def check_pays_by_itself(account: Account) -> None:
    """Raise BilledToProvider where what begins now is billed to the account's provider."""
    if not pays_by_itself(account):
        raise BilledToProvider(
            "Your provider is billed for this account's licences, so what they cost is agreed with your provider. "
            "To have more or fewer, ask your provider."
        )


def without_members(rows: QuerySet[AccountBilling]) -> QuerySet[AccountBilling]:
    """Return the rows of the accounts that are billed by themselves; the others come with their providers."""
    own = OneBill.objects.filter(
        account=OuterRef("account__provider"), currency=OuterRef("account__currency")
    )
    return rows.exclude(Exists(own))


def hold_members(held: Collection[AccountBilling]) -> list[AccountBilling]:
    """Hold the rows of the customers that are billed with these accounts, with their accounts."""
    providers = OneBill.objects.raw(_OF_PROVIDERS, [uuid_array(billing.account_id for billing in held)])
    pairs = {(one.account_id, one.currency) for one in providers}
    if not pairs:
        return []
    rows = AccountBilling.objects.filter(
        account__provider__in={provider_id for provider_id, _ in pairs}, parked_at__isnull=True
    ).select_related("account")
    locked = rows.select_for_update(of=("self", "account"), no_key=True).order_by("account_id")
    return [row for row in locked if (row.account.provider_id, row.account.currency) in pairs]


def read_agreed(accounts: Collection[Account]) -> Agreed:
    """Return what was agreed with the providers of these accounts, for those that are in its currency."""
    providers = {account.provider_id for account in accounts if account.provider_id}
    found: defaultdict[UUID, list[OneBill]] = defaultdict(list)
    for one in OneBill.objects.filter(account__in=providers) if providers else ():
        found[one.account_id].append(one)
    return found


def is_all_its_own(account: Account, dues: Sequence[Due], agreed: Agreed) -> bool:
    """Say whether the account itself is to be billed for everything that is due of it."""
    return all(pays_for(account, charge, agreed) == account.pk for due in dues for charge in due.charges)


def share_out(due: Sequence[tuple[Account, Sequence[Due]]], agreed: Agreed) -> Shares:
    """Return what each account is charged, day by day: of customers' periods, what their provider pays is the provider's.

    Beside each day's charges stands for which customer an item is, by its id.
    """
    if not agreed:
        return {account.pk: [(each, {}) for each in dues] for account, dues in due}
    found: defaultdict[UUID, defaultdict[date, list[CustomersCharge]]] = defaultdict(
        lambda: defaultdict(list)
    )
    # The provider's own first, then each customer's, by name.
    in_order = sorted(due, key=lambda pair: (bool(pair[0].provider_id), pair[0].name, pair[0].serial_number))
    for account, dues in in_order:
        for each in dues:
            for charge in each.charges:
                payer = pays_for(account, charge, agreed)
                customer = account.name if payer != account.pk else ""
                found[payer][each.on].append(CustomersCharge(charge, customer))
    return {
        payer: [share for day in sorted(days) for share in _documents_of(day, days[day])]
        for payer, days in found.items()
    }


def pays_for(account: Account, charge: Charge, agreed: Agreed) -> UUID:
    """Return who pays for the period of a charge, whenever it is billed: so a correction goes where the charge went."""
    if account.provider_id is None:
        return account.pk
    starts_on = charge.line.scale.period.starts_on
    for one in agreed.get(account.provider_id, ()):
        is_over = one.until_on is not None and starts_on >= one.until_on
        if one.currency == account.currency and starts_on >= one.from_on and not is_over:
            return account.provider_id
    return account.pk


def _documents_of(day: date, charges: Sequence[CustomersCharge]) -> Iterator[tuple[Due, Mapping[str, str]]]:
    """Yield the charges of one day as one document; as two, if all together came to nothing and could not be issued."""
    parts = [charges]
    if not sum(each.charge.line.amount_minor for each in charges):
        parts = [
            [each for each in charges if each.charge.line.amount_minor > 0],
            [each for each in charges if each.charge.line.amount_minor < 0],
        ]
    for part in parts:
        if part:
            customers = {each.charge.line.item: each.customer for each in part if each.customer}
            yield Due(day, tuple([each.charge for each in part])), customers
