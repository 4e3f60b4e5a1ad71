"""What is sold changes only as the difference said, and never under what is held."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from seatledger.domain.catalogue.differences import KeyTaken, VersionTooEarly
from seatledger.domain.catalogue.files import read_catalogue, read_catalogue_file
from seatledger.domain.catalogue.models import (
    CatalogueChange,
    ChargeModel,
    CountingRule,
    HeldBy,
    LicenceType,
    Plan,
    PlanVersion,
    Price,
    Product,
)
from seatledger.domain.catalogue.queries import get_plan_version_for_operator, items_of
from seatledger.domain.catalogue.words import charging_in_words, subscription_type_of
from seatledger.domain.licences.actions import (
    NewPool,
    apply_catalogue,
    assign_licence,
    open_pools,
    sync_licences,
)
from seatledger.domain.licences.actions.catalogue import RulesInUse
from seatledger.domain.licences.models import LedgerEntry, Terms
from seatledger.domain.licences.plans import NoTrial, pools_of_plan, trial_ends_on
from support import AT, LATER, STAFF, given_account, given_device, given_pool, given_user

pytestmark = pytest.mark.django_db

CATALOGUES = Path(__file__).resolve().parents[2] / "catalogues"
FIRST_DAY = date(2026, 3, 1)
NEXT_DAY = date(2026, 4, 1)

SUITE = """
[product]
key = "suite"
name = "Suite"

[[licence_types]]
key = "essential"
name = "Essential"
charge_model = "prepaid"

[[licence_types]]
key = "professional"
name = "Professional"
charge_model = "prepaid"

[[licence_types]]
key = "add-on"
name = "Add-On"
charge_model = "active"
sync_source = "pbx"

[[licence_types]]
key = "screen"
name = "Screen"
held_by = "device"
charge_model = "capped"

[[plans]]
key = "basic"
name = "Basic"
trial_days = 14

[[plans.items]]
licence_type = "essential"
licences = 5

[[plans.items.prices]]
currency = "EUR"
interval = "month"
unit_amount = 12.50

[[plans.items]]
licence_type = "add-on"
"""


def apply_spec(wanted, *, effective_on: date = FIRST_DAY, dry_run: bool = False):
    return apply_catalogue(wanted=wanted, effective_on=effective_on, dry_run=dry_run, at=AT, by=STAFF)


def apply(text: str = SUITE, *, effective_on: date = FIRST_DAY, dry_run: bool = False):
    return apply_spec(read_catalogue(text), effective_on=effective_on, dry_run=dry_run)


def type_of(key: str) -> LicenceType:
    return LicenceType.objects.get(key=key)


def unit_amounts_of(version: PlanVersion) -> list[Fraction | None]:
    return [price.fields.unit_amount for item in items_of(version) for price in item.prices]


def changed(difference) -> list[str]:
    return [f"{kind.spec.key} {change}" for kind in difference.types for change in kind.fields]


@pytest.mark.parametrize(
    "name", ["remote-support", "service-provider", "unified-communications", "assistant"]
)
def test_a_sample_catalogue_is_applied_once_and_then_there_is_nothing_to_change(name: str):
    wanted = read_catalogue_file(CATALOGUES / f"{name}.toml")
    first = apply_spec(wanted)
    again = apply_spec(wanted, effective_on=NEXT_DAY)
    assert not first.is_empty
    assert again.is_empty
    assert again.kept == ()
    assert LicenceType.objects.filter(product__key=name).count() == len(wanted.licence_types)
    assert {plan.key for plan in Plan.objects.filter(product__key=name)} == {
        plan.key for plan in wanted.plans
    }


def test_the_four_samples_live_together():
    for path in sorted(CATALOGUES.glob("*.toml")):
        apply_spec(read_catalogue_file(path))
    assert Product.objects.exclude(key="built-in").count() == 4


def test_a_dry_run_says_the_same_and_changes_nothing():
    tried = apply(dry_run=True)
    assert Product.objects.count() == 0
    assert apply() == tried


def test_a_renamed_type_keeps_its_old_name_and_history_the_name_of_its_day():  # F: licence-type name
    apply()
    pool = given_pool(given_account(), type_of("essential"))
    difference = apply(SUITE.replace('name = "Essential"', 'name = "Starter"'))
    assert changed(difference) == [
        "essential name: Essential -> Starter",
        "essential former_names: nothing -> Essential",
    ]
    kind = type_of("essential")
    assert (kind.name, kind.former_names) == ("Starter", ["Essential"])
    assert LedgerEntry.objects.get(pool=pool).licence_name == "Essential"
    assert apply(SUITE.replace('name = "Essential"', 'name = "Starter"')).is_empty


def test_a_name_that_comes_back_is_a_former_one_no_more():
    apply()
    apply(SUITE.replace('name = "Essential"', 'name = "Starter"'))
    apply()
    kind = type_of("essential")
    assert (kind.name, kind.former_names) == ("Essential", ["Starter"])


def test_a_changed_price_makes_a_new_version_and_the_old_one_stays():
    apply()
    difference = apply(SUITE.replace("12.50", "13"), effective_on=NEXT_DAY)
    assert [(change.spec.key, change.version) for change in difference.plans] == [("basic", 2)]
    assert difference.plans[0].contents == (
        "essential: 5",
        "    13.00 EUR per licence per month.",
        "add-on: not limited, included",
    )
    before = get_plan_version_for_operator("basic", date(2026, 3, 31))
    after = get_plan_version_for_operator("basic", NEXT_DAY)
    assert (before.number, after.number) == (1, 2)
    assert unit_amounts_of(before) == [Fraction("12.5")]
    assert unit_amounts_of(after) == [13]


def test_the_same_amount_written_otherwise_is_no_change():
    apply()
    assert apply(SUITE.replace("12.50", "12.5")).is_empty


def test_a_dropped_item_is_a_new_version_too():
    apply()
    apply(SUITE.replace('\n[[plans.items]]\nlicence_type = "add-on"\n', ""), effective_on=NEXT_DAY)
    assert [item.licence_type for item in items_of(get_plan_version_for_operator("basic", NEXT_DAY))] == [
        "essential"
    ]


def test_two_versions_never_begin_on_one_day():
    apply()
    with pytest.raises(VersionTooEarly, match="has a version from 01 March 2026"):
        apply(SUITE.replace("12.50", "13"))
    assert PlanVersion.objects.count() == 1


def test_a_plan_is_renamed_in_place():
    apply()
    apply(SUITE.replace('name = "Basic"', 'name = "Team"'))
    assert (Plan.objects.get().name, PlanVersion.objects.count()) == ("Team", 1)


def test_nothing_is_deleted():
    apply()
    shorter = SUITE[: SUITE.index("[[plans]]")].replace('key = "screen"', 'key = "board"')
    difference = apply(shorter)
    assert difference.kept == ("licence type screen", "plan basic")
    assert LicenceType.objects.filter(key="screen").exists()
    assert Plan.objects.filter(key="basic").exists()
    assert apply(shorter).is_empty


def test_another_products_key_is_refused():
    apply()
    with pytest.raises(KeyTaken, match="add-on belongs to Suite already"):
        apply(SUITE.replace('key = "suite"', 'key = "other"'))


def test_who_changed_what_is_kept():
    apply()
    apply()
    apply(SUITE.replace('name = "Basic"', 'name = "Team"'))
    kept = [
        (change.at, change.actor_label, change.lines) for change in CatalogueChange.objects.order_by("id")
    ]
    assert kept[1:] == [(AT, "Admin Team", ["~ plan basic: name: Basic -> Team"])]


def test_the_database_refuses_to_change_a_price():
    apply()
    for statement in (lambda: Price.objects.update(unit_amount=1), lambda: Price.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            statement()


# What is held


def test_rules_change_freely_while_nobody_holds_the_type():
    apply()
    apply(SUITE.replace('name = "Professional"', 'name = "Professional"\nexclusive_group = "level"'))
    apply(SUITE.replace('held_by = "device"\ncharge_model = "capped"', 'charge_model = "active"'))
    kind = type_of("screen")
    assert (kind.held_by, kind.charge_model) == (HeldBy.USER, ChargeModel.ACTIVE)


@pytest.mark.parametrize(
    ("present", "becomes", "said"),
    [
        (
            'name = "Essential"\ncharge_model = "prepaid"',
            'name = "Essential"\ncharge_model = "capped"',
            "Essential (essential): charge_model cannot change from prepaid to capped, because 1 account(s) have licences of it",
        ),
        (
            'name = "Essential"',
            'name = "Essential"\ncounting_rule = "peak"',
            "Essential (essential): counting_rule cannot change from daily to peak, because 1 account(s) have licences of it",
        ),
        (
            'held_by = "device"\n',
            "",
            "Screen (screen): held_by cannot change from device to user, because 1 licence(s) are in use",
        ),
        (
            'name = "Add-On"',
            'name = "Add-On"\nneeds = ["professional"]',
            "Add-On (add-on): needs cannot change from nothing to professional, because 1 user(s) hold it without any of these",
        ),
        (
            'sync_source = "pbx"\n',
            "",
            "Add-On (add-on): sync_source cannot change from pbx to nothing, because 1 licence(s) are kept in step with pbx",
        ),
    ],
)
def test_a_rule_that_would_break_what_is_held_is_refused(present: str, becomes: str, said: str):
    given_what_is_held()
    assert present in SUITE
    with pytest.raises(RulesInUse) as refusal:
        apply(SUITE.replace(present, becomes, 1))
    assert str(refusal.value) == f"{said}. Add a new licence type instead."
    assert apply().is_empty


def test_a_group_that_someone_holds_two_of_is_refused():
    given_what_is_held()
    level = 'charge_model = "prepaid"\nexclusive_group = "level"'
    with pytest.raises(RulesInUse, match=r"1 user\(s\) hold another type of this group too"):
        apply(
            SUITE.replace('charge_model = "prepaid"', level).replace(
                '"active"', '"active"\nexclusive_group = "level"'
            )
        )


def test_a_rule_that_everyone_meets_may_change():
    given_what_is_held()
    apply(SUITE.replace('name = "Add-On"', 'name = "Add-On"\nneeds = ["essential", "professional"]'))
    assert {kind.key for kind in type_of("add-on").needs.all()} == {"essential", "professional"}


def given_what_is_held() -> None:
    """Let one user hold Essential by hand and the Add-On by the list, and one device a Screen."""
    apply()
    account = given_account()
    essential = given_pool(account, type_of("essential"))
    given_pool(account, type_of("add-on"), total_licences=None)
    given_device(given_pool(account, type_of("screen")))
    user = given_user(account)
    assign_licence(pool=essential, user=user, at=LATER, by=STAFF)
    wanted = [(user.pk, type_of("add-on").pk)]
    sync_licences(account=account, wanted=wanted, source="pbx", at=LATER, by=STAFF)


# Plans and words


def test_an_account_begins_with_what_its_plan_says():
    apply()
    version = get_plan_version_for_operator("basic", FIRST_DAY)
    ends_on = trial_ends_on(version, begins_on=date(2026, 3, 2))
    assert ends_on == date(2026, 3, 15)
    pools = pools_of_plan(version, terms=Terms.TRIAL, expires_on=ends_on)
    assert pools == [
        NewPool(type_of("essential"), 5, Terms.TRIAL, ends_on),
        NewPool(type_of("add-on"), None, Terms.TRIAL, ends_on),
    ]
    opened = open_pools(account=given_account(), pools=pools, at=AT, by=STAFF)
    assert [pool.total_licences for pool in opened] == [5, None]


def test_a_plan_without_trial_cannot_be_tried():
    apply(SUITE.replace("trial_days = 14", ""))
    with pytest.raises(NoTrial, match="Basic has no trial"):
        trial_ends_on(get_plan_version_for_operator("basic", FIRST_DAY), begins_on=FIRST_DAY)


@pytest.mark.parametrize(
    ("model", "rule", "short", "long"),
    [
        (ChargeModel.PREPAID, CountingRule.DAILY, "By Count", "Bought ahead, by count: each licence is billed, whether it is in use or not"),
        (ChargeModel.ACTIVE, CountingRule.DAILY, "By Use", "Billed for each day a licence is held"),
        (ChargeModel.ACTIVE, CountingRule.PEAK, "By Use", "Billed for the highest number held at once in the period"),
        (ChargeModel.ACTIVE, CountingRule.EVER, "By Use", "Billed for everyone who held one at any time in the period"),
        (ChargeModel.CAPPED, CountingRule.CLOSING, "By Use, up to a maximum", "Billed for the number held when the period ends, up to the maximum"),
    ],
)  # fmt: skip
def test_charging_is_said_in_words(model: ChargeModel, rule: CountingRule, short: str, long: str):  # E9
    kind = LicenceType(charge_model=model, counting_rule=rule)
    assert subscription_type_of(kind) == short
    assert charging_in_words(kind) == long
