"""Who is in the demo: what each organisation is, what it holds, and how its people come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from seatledger.domain.accounts.branding import NewBrand
from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.invoices.actions import NewDetails
from seatledger.domain.payments.models import MethodKind
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.faces.cli.demo.brands import HARBOUR_BRAND
from seatledger.faces.cli.demo.paying import Paying

P = Permission
VIEW_ALL = (P.USERS_VIEW, P.DEVICES_VIEW, P.LICENCES_VIEW, P.BILLING_VIEW)
LOOK_AFTER_PEOPLE = (P.USERS_VIEW, P.USERS_MANAGE, P.LICENCES_VIEW, P.LICENCES_ASSIGN)


@dataclass(frozen=True)
class Job:
    """A custom role, how many of the people have it, and the licence types it gives."""

    name: str
    description: str
    permissions: Sequence[str] = ()
    gives: Sequence[str] = ()
    share: float = 0.0


@dataclass(frozen=True)
class DeviceNames:
    """How an organisation names its devices of one licence type: `GOT-Laptop-014`."""

    licence: str
    sites: Sequence[str]
    sorts: Sequence[str]
    first: int
    now: int


@dataclass(frozen=True)
class StaffChange:
    """What the Admin Team or the provider changes of a licence, so many days before now, and why."""

    days_ago: int
    licence: str
    reason: str
    total: int
    over_assign: bool = False
    by: Literal["staff", "provider"] = "staff"


@dataclass(frozen=True)
class Term:
    """What was agreed about the end of a subscription: so many days before now (None: as it began), to which day."""

    ends_in_days: int
    days_ago: int | None = None


@dataclass(frozen=True)
class Agreed:
    """What was agreed anew, so many days before now: another interval from that day, or numbers from the renewal."""

    days_ago: int
    interval: PriceInterval | None = None
    renewal_licences: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class GivenBack:
    """A part of the newest invoice that was given back, so many days before now, and why. In minor units, with tax."""

    days_ago: int
    amount_minor: int
    reason: str


@dataclass(frozen=True)
class Organisation:
    """One account of the demo.

    It subscribes to its plan as it is opened, by the `interval`. `licences` are shares of those whose job is among
    `licensed_jobs` (of everyone where none is); of `levels` each person has one at most, and `upgrades` are the steps
    from one to the next. `billed_to` is whom invoices are made out to, `terms_days` how long it has to pay (None: as
    the seller says), `pays` by what it pays.
    """

    name: str
    domain: str
    plan: str
    places: Sequence[str]
    administrator: tuple[str, str]
    people: tuple[int, int]
    colleagues: Sequence[tuple[str, str, str]] = ()
    region: str = "uk"
    days: int = 425
    zone: str = "Europe/London"
    locale: str = "en-GB"
    currency: str = "GBP"
    is_provider: bool = False
    provider: str = ""
    brand: NewBrand | None = None
    interval: PriceInterval = PriceInterval.MONTH
    sold_by: SoldBy = SoldBy.ONLINE
    trial: bool = False
    term: Term | None = None
    agreed: Sequence[Agreed] = ()
    given_back: Sequence[GivenBack] = ()
    billed_to: NewDetails | None = None
    terms_days: int | None = None
    pays: Paying | None = None
    totals: Mapping[str, int] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    licences: Mapping[str, float] = field(default_factory=dict)
    licensed_jobs: Sequence[str] = ()
    levels: Mapping[str, float] = field(default_factory=dict)
    upgrades: tuple[str, ...] = ()
    devices: Sequence[DeviceNames] = ()
    staff_changes: Sequence[StaffChange] = ()
    synced: str = ""
    synced_job: str = ""


HELPDESK = Job("Helpdesk", "Looks after people and their licences.", LOOK_AFTER_PEOPLE, share=0.08)
AUDITOR = Job("Auditor", "Sees everything and changes nothing.", VIEW_ALL, share=0.03)

# Remote support on trial: twelve days in, with some of everything tried.
FJORDLYS = Organisation(
    name="Fjordlys Arkitekter",
    domain="fjordlys.example",
    plan="remote-support-trial",
    places=["swedish"],
    administrator=("Ingrid", "Solheim"),
    people=(3, 6),
    days=12,
    region="eu",
    zone="Europe/Oslo",
    currency="EUR",
    trial=True,
    billed_to=NewDetails("Skippergata 7", "Oslo", "NO", legal_name="Fjordlys Arkitekter AS", postcode="0152"),
    licences={"on-demand": 0.4},
    devices=[DeviceNames("managed-agent", ["Oslo", "Bergen"], ["Studio", "Plotter", "Laptop"], 2, 7)],
)

# Remote support, by contract and a year at a time: nearly full, and it ends soon.
HALDEN = Organisation(
    name="Halden & Okafor Logistics",
    pays=Paying(transfer_days=12),
    domain="haldenokafor.example",
    plan="remote-support",
    places=["swedish", "nigerian", "polish"],
    administrator=("Astrid", "Lindqvist"),
    people=(34, 62),
    colleagues=[("Emeka", "Okafor", "Billing"), ("Wilma", "Sjöberg", "Auditor")],
    region="eu",
    zone="Europe/Stockholm",
    currency="EUR",
    interval=PriceInterval.YEAR,
    sold_by=SoldBy.CONTRACT,
    totals={"managed-agent": 100, "on-demand": 15},
    # It renewed for a quarter, while a tender runs.
    term=Term(ends_in_days=19, days_ago=72),
    billed_to=NewDetails(
        "Packhusgatan 4",
        "Göteborg",
        "SE",
        legal_name="Halden & Okafor Logistics AB",
        postcode="411 13",
        vat_number="SE123456789701",
    ),
    jobs=[HELPDESK, AUDITOR],
    licences={"on-demand": 0.38},
    devices=[
        DeviceNames(
            "managed-agent",
            ["GOT", "MMX", "LOS", "GDN"],
            ["Dispatch", "Gate", "Scanner", "Laptop", "Label"],
            68,
            147,
        )
    ],
    staff_changes=[
        StaffChange(
            331, "managed-agent", "Order 20388: 25 more computers for the depot in Gdańsk", total=125
        ),
        StaffChange(242, "on-demand", "Order 20412: the night shift helps too", total=20),
        StaffChange(41, "managed-agent", "Order 20571: 25 more computers for terminal 4", total=150),
        StaffChange(20, "on-demand", "Order 20590: five more people for the peak season", total=25),
    ],
)

# A service provider, billed by active users, with three customers below it and a name of its own for the client.
HARBOUR = Organisation(
    name="Harbour Telecom Partners",
    pays=Paying("DE89 3704 0044 0532 0130 00", MethodKind.DIRECT_DEBIT, fails_on=5),
    domain="harbourtelecom.example",
    plan="service-provider",
    places=["english", "indian"],
    administrator=("Harriet", "Ashworth"),
    people=(22, 38),
    colleagues=[("Rohan", "Iyer", "Customer care")],
    is_provider=True,
    brand=HARBOUR_BRAND,
    billed_to=NewDetails(
        "3 Mole Wharf",
        "Bristol",
        "GB",
        legal_name="Harbour Telecom Partners Ltd",
        postcode="BS1 5DB",
        vat_number="GB999999973",
    ),
    jobs=[
        Job(
            "Customer care",
            "Looks after customers and their limits.",
            [*VIEW_ALL, P.CUSTOMERS_VIEW, P.CUSTOMERS_OPEN, P.CUSTOMERS_MANAGE],
            share=0.4,
        ),
        HELPDESK,
    ],
)

_OFFICE = Job("Office", "A desk with a telephone.", gives=["essential-user", "ucclient-desktop"], share=0.62)
_CONTACT_CENTRE = Job(
    "Contact centre", "Takes customers' calls.", gives=["professional-user", "ucclient-desktop"], share=0.34
)
_SUPERVISORS = {
    "reports-supervisor": 0.03,
    "insights-supervisor": 0.02,
    "analytics-supervisor": 0.015,
    "live-analytics-supervisor": 0.015,
    "contact-centre-supervisor": 0.01,
}

# Unified communications for four hundred people: every metric in use.
MERIDIAN = Organisation(
    name="Meridian Insurance Group",
    pays=Paying(transfer_days=62),
    domain="meridian-insurance.example",
    plan="unified-communications",
    places=["english", "indian", "nigerian", "polish"],
    administrator=("Amelia", "Whitfield"),
    people=(306, 394),
    days=420,
    provider=HARBOUR.name,
    given_back=[GivenBack(74, 18000, "Two days without reports at the end of August")],
    billed_to=NewDetails(
        "Albion Court, 12 East Parade",
        "Leeds",
        "GB",
        legal_name="Meridian Insurance Group plc",
        postcode="LS1 2BH",
    ),
    jobs=[_OFFICE, _CONTACT_CENTRE, AUDITOR],
    licences={"ucclient-crm": 0.18},
    licensed_jobs=[_OFFICE.name, _CONTACT_CENTRE.name],
    levels=_SUPERVISORS,
    upgrades=tuple(_SUPERVISORS),
    devices=[
        DeviceNames("firetv-wallboard", ["Leeds", "Cardiff"], ["Queue screen", "Lobby screen"], 3, 6),
        DeviceNames("wallboard", ["Leeds"], ["Floor display"], 1, 2),
    ],
    staff_changes=[
        StaffChange(190, "firetv-wallboard", "Second floor in Cardiff opens", total=12, by="provider"),
        StaffChange(55, "firetv-wallboard", "Back to ten after the move", total=10, by="provider"),
    ],
    synced="agent-user",
    synced_job=_CONTACT_CENTRE.name,
)

# A small customer whose limit was lowered below what is in use.
CASA_VERDE = Organisation(
    name="Casa Verde Hotels",
    pays=Paying("4000 0000 0000 0341", MethodKind.CARD, fails_now=True),
    domain="casaverde.example",
    plan="unified-communications",
    places=["spanish"],
    administrator=("Lucía", "Montoya"),
    people=(15, 26),
    days=300,
    zone="Europe/Madrid",
    currency="EUR",
    provider=HARBOUR.name,
    given_back=[GivenBack(33, 3630, "A wallboard that stayed dark for a week")],
    billed_to=NewDetails(
        "Calle Betis 21", "Sevilla", "ES", legal_name="Casa Verde Hoteles S.L.", postcode="41010"
    ),
    terms_days=14,
    jobs=[_OFFICE, _CONTACT_CENTRE],
    levels={"reports-supervisor": 0.08, "live-analytics-supervisor": 0.12},
    devices=[DeviceNames("wallboard", ["Sevilla", "Palma"], ["Reception"], 2, 5)],
    staff_changes=[
        StaffChange(120, "wallboard", "Six reception desks at most, as agreed", total=6, by="provider"),
        StaffChange(
            9, "wallboard", "Contract reduced to four screens", total=4, over_assign=True, by="provider"
        ),
    ],
    synced="agent-user",
    synced_job=_CONTACT_CENTRE.name,
)

# A customer who had everything for a year, and let it run out five weeks ago.
YILDIZ = Organisation(
    name="Yıldız Textile Works",
    pays=Paying(transfer_days=25),
    domain="yildiztextile.example",
    plan="remote-support",
    places=["turkish"],
    administrator=("Zeynep", "Aksoy"),
    people=(9, 14),
    days=402,
    zone="Europe/Istanbul",
    currency="EUR",
    provider=HARBOUR.name,
    billed_to=NewDetails(
        "Organize Sanayi Bölgesi 12", "Bursa", "TR", legal_name="Yıldız Tekstil A.Ş.", postcode="16140"
    ),
    interval=PriceInterval.YEAR,
    sold_by=SoldBy.CONTRACT,
    totals={"managed-agent": 25, "on-demand": 3},
    term=Term(ends_in_days=-38),
    licences={"on-demand": 0.2},
    devices=[DeviceNames("managed-agent", ["Bursa"], ["Loom", "Office", "Warehouse"], 11, 19)],
)

# The assistant, Enterprise by count, by the month and soon by the year, with free ones for the others; one fewer from the
# renewal in 20 days.
BRIGHTWATER = Organisation(
    name="Brightwater Research Institute",
    pays=Paying("5555 5555 5555 4444", MethodKind.CARD),
    domain="brightwater.example",
    plan="assistant-enterprise",
    places=["american", "japanese", "german"],
    administrator=("Rosa", "Delgado"),
    people=(46, 92),
    region="us",
    zone="America/New_York",
    locale="en-US",
    currency="USD",
    agreed=[
        Agreed(345, interval=PriceInterval.YEAR),
        Agreed(6, renewal_licences={"assistant-enterprise": 84}),
    ],
    billed_to=NewDetails(
        "200 Harbor Road",
        "Boston, MA",
        "US",
        legal_name="Brightwater Research Institute, Inc.",
        postcode="02110",
    ),
    terms_days=45,
    totals={"assistant-enterprise": 50},
    jobs=[HELPDESK],
    levels={"assistant-enterprise": 0.72, "assistant-free": 0.26},
    upgrades=("assistant-free", "assistant-enterprise"),
    staff_changes=[
        StaffChange(372, "assistant-enterprise", "5 user subscriptions added, quote BW-109", total=55),
        StaffChange(205, "assistant-enterprise", "15 user subscriptions added, quote BW-117", total=70),
        StaffChange(58, "assistant-enterprise", "20 user subscriptions added, quote BW-131", total=85),
    ],
)

# A provider stands before its customers.
ORGANISATIONS = (FJORDLYS, HALDEN, HARBOUR, MERIDIAN, CASA_VERDE, YILDIZ, BRIGHTWATER)
