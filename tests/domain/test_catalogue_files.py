"""A catalogue file is read strictly: whatever is wrong is refused with its place."""

from pathlib import Path

import pytest

from seatledger.domain.catalogue.files import read_catalogue, read_catalogue_file
from seatledger.domain.catalogue.models import ChargeModel, CountingRule, GivenBy, HeldBy, MetricGroup
from seatledger.domain.catalogue.price_fields import PriceFields
from seatledger.domain.catalogue.specs import CatalogueSpec, ItemSpec, LicenceTypeSpec, PlanSpec, PriceSpec
from seatledger.domain.catalogue.tables import CatalogueFileRefused

CATALOGUES = Path(__file__).resolve().parents[2] / "catalogues"

SMALL = """
[product]
key = "suite"
name = "Suite"
brand_words = { Client = "Talk" }

[[licence_types]]
key = "user"
name = "{Client} User"
charge_model = "prepaid"

[[licence_types]]
key = "screen"
name = "Screen"
held_by = "device"
charge_model = "capped"

[[plans]]
key = "basic"
name = "Basic"

[[plans.items]]
licence_type = "user"
licences = 5

[[plans.items.prices]]
currency = "EUR"
interval = "month"
unit_amount = 12.345
"""


def test_a_small_file_is_read_whole():
    assert read_catalogue(SMALL) == CatalogueSpec(
        key="suite",
        name="Suite",
        brand_words={"Client": "Talk"},
        licence_types=(
            LicenceTypeSpec("user", "{Client} User", ChargeModel.PREPAID, metric_order=1),
            LicenceTypeSpec("screen", "Screen", ChargeModel.CAPPED, metric_order=2, held_by=HeldBy.DEVICE),
        ),
        plans=(
            PlanSpec(
                "basic",
                "Basic",
                items=(ItemSpec("user", 5, (PriceSpec("EUR", "month", PriceFields(unit_amount="12.345")),)),),
            ),
        ),
    )


# What is changed in the small file, what it becomes, and how that is refused.
REFUSED = [
    ('key = "suite"', 'key = "suite', "The file is no valid TOML: Illegal character '\\n' (at line 3, column 13)."),
    ('name = "Suite"', 'name = "Suite"\nname = "B"', "The file is no valid TOML: Cannot overwrite a value (at line 5, column 11)."),
    ('name = "Suite"', "", "product: name is missing."),
    ('name = "Suite"', "name = 3", "product: name must be a text that neither begins nor ends with a space."),
    ('name = "Suite"', 'name = " "', "product: name must be a text that neither begins nor ends with a space."),
    ('name = "Suite"', 'name = "a\\u0000b"', "product: name has letters that cannot be shown."),
    ('name = "Suite"', 'name = "a\\u202Eb"', "product: name has letters that cannot be shown."),
    ('name = "Suite"', f'name = "{"x" * 101}"', "product: name is longer than 100 letters."),
    ('name = "Suite"', 'name = "Suite"\ncolour = "red"', "product: colour is not known here."),
    ("[product]", 'title = "x"\n[product]', "the file: title is not known here."),
    ('{ Client = "Talk" }', '"Talk"', "product: brand_words must be a table of texts."),
    ('{ Client = "Talk" }', "{}", "licence type user: name speaks of {Client}, which is not among the product's brand_words."),
    ('key = "screen"', 'key = "Screen one"', "licence type 2 (Screen one): key must be lower-case letters, digits and single hyphens, such as managed-agent."),
    ('key = "screen"', 'key = "user"', "licence type user: key is used twice."),
    ('key = "screen"', 'key = "active-user"', "licence type active-user: this key belongs to the built-in type; choose another."),
    ('key = "screen"', 'key = "screen"\nlock_days = -1', "licence type 2 (screen): lock_days must be a whole number from 0 to 3650."),
    ('key = "screen"', 'key = "screen"\nlock_days = true', "licence type 2 (screen): lock_days must be a whole number from 0 to 3650."),
    ('key = "screen"', 'key = "screen"\nneeds = ["user"]', "licence type screen: needs, exclusive_group and sync_source are for what users hold."),
    ('key = "screen"', 'key = "screen"\nkinds_by_licence = { desk = "Desk" }', "licence type screen: speaks of desk, which is no licence type of this file."),
    ('key = "user"', 'key = "user"\nneeds = ["desk"]', "licence type user: speaks of desk, which is no licence type of this file."),
    ('key = "user"', 'key = "user"\nneeds = ["screen"]', "licence type user: speaks of screen, which users do not hold."),
    ('key = "user"', 'key = "user"\nneeds = ["user"]', "licence type user: needs lead in a circle."),
    ('key = "user"', 'key = "user"\nneeds = ["a", "a"]', "licence type 1 (user): needs names something twice."),
    ('key = "user"', 'key = "user"\nneeds = "desk"', "licence type 1 (user): needs must be a list of texts."),
    ('key = "user"', 'key = "user"\ngiven_by = "activation"', "licence type user: what activation gives is held by users, with charge_model active."),
    ('key = "user"', 'key = "user"\nformer_names = ["{Client} User"]', "licence type user: former_names has the present name."),
    ('"prepaid"', '"ahead"', "licence type 1 (user): charge_model must be one of prepaid, active, capped."),
    ("licences = 5", "", "plan basic, item user: is bought by number, so it says how many licences."),
    ("licences = 5", "licences = 5.5", "plan 1 (basic), item 1: licences must be a whole number from 0 to 10000000."),
    ("licences = 5", "licences = 10000001", "plan 1 (basic), item 1: licences must be a whole number from 0 to 10000000."),
    ('licence_type = "user"', 'licence_type = "desk"', "plan basic: item desk is no licence type of this file."),
    ("12.345", "nan", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "inf", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "-1", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "1e12", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "1e999999999", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "true", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", '"12,5"', 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("12.345", "0.1234567890123", 'plan 1 (basic), item 1, price 1: unit_amount: Write an amount as text, such as "12.00": not negative, at most 12 digits on either side.'),
    ("unit_amount = 12.345", "", "plan 1 (basic), item 1, price 1: price: Give one of unit_amount, flat_amount and tiers."),
    ("unit_amount = 12.345", "unit_amount = 1\nflat_amount = 2", "plan 1 (basic), item 1, price 1: price: Give one of unit_amount, flat_amount and tiers."),
    ("unit_amount = 12.345", "amount = 1", "plan 1 (basic), item 1, price 1: amount: Extra inputs are not permitted"),
    ("unit_amount = 12.345", 'unit_amount = 1\ncharge_model = "active"', "plan 1 (basic), item 1, price 1: charge_model: Extra inputs are not permitted"),
    ("unit_amount = 12.345", "unit_amount = 1\ninterval_count = 0", "plan 1 (basic), item 1, price 1: interval_count: Input should be greater than or equal to 1"),
    ("unit_amount = 12.345", "tiers = [{ up_to = 10, unit_amount = 1 }]", "plan basic, item user, EUR a month: price.tiers: The last tier has no end."),
    ("unit_amount = 12.345", "tiers = [{ up_to = 1.5, unit_amount = 1 }]", "plan 1 (basic), item 1, price 1: tiers.0.up_to: Input should be a valid integer"),
    ("unit_amount = 12.345", "unit_amount = 1\ndiscounts = [{ percent = 101 }]", "plan basic, item user, EUR a month: price.discounts: A discount takes off between 0 and 100 percent."),
    ("unit_amount = 12.345", "unit_amount = 1\ndiscounts = [{ percent = 5, until = 2026-02-28T00:00:00Z }]", "plan 1 (basic), item 1, price 1: discounts.0.until: Write a day as YYYY-MM-DD, between 1970 and 2199."),
    ("unit_amount = 12.345", 'unit_amount = 1\nproration = { day_count = "hours" }', "plan 1 (basic), item 1, price 1: proration.day_count: Input should be 'days', 'seconds', 'thirty_day_month' or 'none'"),
    ("unit_amount = 12.345", 'unit_amount = 1\nproration = { decrease = "credit", increase = "above_highest_paid" }', "plan basic, item user, EUR a month: price.proration: What is credited is no longer paid: credit goes with each_increase."),
    ("unit_amount = 12.345", 'unit_amount = 1\nproration = { day_count = "none" }\ntrue_up = { every = "day" }', "plan basic, item user, EUR a month: price: A true-up charges a part of a period: day_count none does not measure it."),
    ('"EUR"', '"eur"', "plan 1 (basic), item 1, price 1: currency must be a current ISO 4217 code such as EUR."),
    ('"month"', '"fortnight"', "plan 1 (basic), item 1, price 1: interval must be one of day, week, month, quarter, year."),
]  # fmt: skip


@pytest.mark.parametrize(("present", "becomes", "said"), REFUSED)
def test_what_is_wrong_is_refused_with_its_place(present: str, becomes: str, said: str):
    assert present in SMALL
    with pytest.raises(CatalogueFileRefused) as refusal:
        read_catalogue(SMALL.replace(present, becomes, 1))
    assert str(refusal.value) == said


def test_a_second_price_for_the_same_interval_is_refused():
    again = '\n[[plans.items.prices]]\ncurrency = "EUR"\ninterval = "month"\nunit_amount = 1\n'
    with pytest.raises(
        CatalogueFileRefused, match="plan basic, item user, price EUR a month: key is used twice"
    ):
        read_catalogue(SMALL + again)


def test_what_is_not_limited_has_no_number():
    with pytest.raises(CatalogueFileRefused, match="plan basic, item user: is not limited"):
        read_catalogue(SMALL.replace('"prepaid"', '"active"'))


def test_a_deep_file_is_refused_not_a_crash():
    with pytest.raises(CatalogueFileRefused):
        read_catalogue("a = " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "wrong.toml is not UTF-8 at byte 0."),
        (b"#" * 1_000_001, "wrong.toml is larger than 1,000,000 bytes."),
    ],
)
def test_a_file_that_cannot_be_a_catalogue_is_refused(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    with pytest.raises(CatalogueFileRefused) as refusal:
        read_catalogue_file(path)
    assert str(refusal.value) == said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(CatalogueFileRefused, match=r"none\.toml cannot be read: No such file or directory\."):
        read_catalogue_file(tmp_path / "none.toml")


def types_of(name: str) -> dict[str, LicenceTypeSpec]:
    return {kind.key: kind for kind in read_catalogue_file(CATALOGUES / f"{name}.toml").licence_types}


def test_remote_support_has_two_types_each_bought_by_count():  # A12
    types = types_of("remote-support")
    assert [kind.name for kind in types.values()] == ["Managed Agent", "On-demand"]
    assert {kind.charge_model for kind in types.values()} == {ChargeModel.PREPAID}
    assert types["managed-agent"].held_by == HeldBy.DEVICE
    assert types["managed-agent"].aliases == ("managed device licences",)
    assert types["on-demand"].former_names == ("On-demand Operator",)
    assert types["on-demand"].lock_days == 90


def test_a_service_provider_is_billed_for_active_users():  # C1
    (kind,) = types_of("service-provider").values()
    assert (kind.name, kind.given_by, kind.charge_model) == (
        "Active User",
        GivenBy.ACTIVATION,
        ChargeModel.ACTIVE,
    )
    assert (kind.metric_group, kind.counting_rule) == (MetricGroup.USERS, CountingRule.DAILY)


def test_unified_communications_has_every_metric_in_its_group_and_order():  # D3 D4 D5 D6 D8 D9 D10 D11-D17
    groups: dict[str, list[str]] = {}
    for kind in types_of("unified-communications").values():
        groups.setdefault(kind.metric_group.label, []).append(kind.name)
    assert groups == {
        "Users": ["Essential Users", "Professional Users", "Agent User Add-On"],
        "Clients": ["{UcClient} Desktop", "{UcClient} CRM User Add-On"],
        "Supervisor": [
            "Reports Supervisor",
            "Insights Supervisor",
            "Analytics Supervisor",
            "Live Analytics Supervisor",
            "Contact Centre Supervisor",
        ],
        "Devices": ["Analytics/Live Analytics Wallboard (FireTV)", "Live Analytics/Analytics Wallboard"],
    }


def test_unified_communications_says_how_its_types_hang_together():  # D7 D16 D18 D25 D26
    types = types_of("unified-communications")
    assert types["agent-user"].needs == ("essential-user", "professional-user")
    assert types["agent-user"].sync_source == "pbx"
    assert types["ucclient-crm"].needs == ("ucclient-desktop",)
    levels = {key for key, kind in types.items() if kind.exclusive_group == "supervisor-level"}
    assert levels == {key for key, kind in types.items() if kind.metric_group == MetricGroup.SUPERVISOR}
    for key in ("firetv-wallboard", "wallboard"):
        assert (types[key].held_by, types[key].charge_model) == (HeldBy.DEVICE, ChargeModel.CAPPED)
        assert types[key].kinds_by_licence == {
            "analytics-supervisor": "Analytics",
            "live-analytics-supervisor": "Live Analytics",
            "contact-centre-supervisor": "Live Analytics",
        }
    assert {key for key, kind in types.items() if kind.charge_model == ChargeModel.ACTIVE} == {
        key for key in types if "wallboard" not in key
    }


def test_the_assistant_is_free_or_25_a_month_or_200_a_year():  # E3 E6 E9
    spec = read_catalogue_file(CATALOGUES / "assistant.toml")
    assert [plan.name for plan in spec.plans] == ["Free", "Enterprise"]
    enterprise = spec.plans[1].items[0]
    assert enterprise.prices == (
        PriceSpec("USD", "month", PriceFields(unit_amount="25.00")),
        PriceSpec("USD", "year", PriceFields(unit_amount="200.00")),
    )
    assert types_of("assistant")["assistant-enterprise"].charge_model == ChargeModel.PREPAID
