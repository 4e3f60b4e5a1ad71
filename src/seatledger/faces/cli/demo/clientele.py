"""The small customers of the demo's vendor, without the lives of their people: they buy by the year, grow, try and leave.

They make the figures of the business look like one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.invoices.actions import NewDetails
from seatledger.faces.cli.demo.organisations import Organisation, StaffChange, Term
from seatledger.faces.cli.demo.paying import Paying

_WHERE: Final = {
    "GBP": ("GB", "Leeds", "LS1 4AP", "Europe/London"),
    "USD": ("US", "Boston, MA", "02110", "America/New_York"),
    "EUR": ("ES", "Sevilla", "41010", "Europe/Madrid"),
}


def client(
    name: str, days: int, licences: int, currency: str, totals: Mapping[int, int] | None = None
) -> Organisation:
    """Return a customer that came so many days ago; `totals` says what changed, by days before now."""
    country, city, postcode, zone = _WHERE[currency]
    plan, licence, others = (
        ("assistant-enterprise", "assistant-enterprise", {})
        if currency == "USD"
        else ("remote-support", "managed-agent", {"on-demand": 1})
    )
    first_name, last_name = "Robin", name.split(maxsplit=1)[0]
    return Organisation(
        name=name,
        domain=f"{last_name.lower()}.example",
        plan=plan,
        places=(),
        administrator=(first_name, last_name),
        people=(1, 1),
        days=days,
        zone=zone,
        currency=currency,
        interval=PriceInterval.YEAR,
        billed_to=NewDetails("1 Market Street", city, country, legal_name=name, postcode=postcode),
        pays=Paying(transfer_days=14),
        totals={licence: licences, **others},
        staff_changes=[
            StaffChange(ago, licence, "More licences, as ordered", total=total)
            for ago, total in (totals or {}).items()
        ],
    )


def trial(name: str, days: int, currency: str = "EUR") -> Organisation:
    """Return one that tried for 30 days, so many days ago, and bought nothing."""
    tried = client(name, days, 5, currency)
    return replace(tried, trial=True, pays=None, interval=PriceInterval.MONTH)


def bought(tried: Organisation) -> Organisation:
    """Return a trial that was paid for."""
    return replace(tried, pays=Paying(transfer_days=14))


def leaving(stays: Organisation, days_ago: int) -> Organisation:
    """Return a customer whose contract ended with a day."""
    return replace(stays, term=Term(ends_in_days=-days_ago))


CLIENTS: Final = (
    client("Aldersgate Dental", 398, 12, "GBP", {120: 18}),
    client("Birkdale Foundry", 371, 20, "GBP", {233: 26, 61: 32}),
    client("Caldera Analytics", 344, 8, "USD", {171: 14}),
    client("Dehesa Foods", 318, 16, "EUR", {88: 24}),
    leaving(client("Eastgate Lettings", 300, 6, "GBP"), 75),
    client("Foxglove Publishing", 262, 5, "USD", {35: 9}),
    client("Hollins Surveyors", 187, 14, "GBP"),
    client("Iberia Freight", 152, 24, "EUR", {44: 30}),
    client("Juniper Robotics", 118, 12, "USD", {20: 16}),
    bought(trial("Kestrel Tours", 110)),
    trial("Lumen Theatre", 84),
    client("Marlow Pottery", 49, 7, "GBP"),
)
