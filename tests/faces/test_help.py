"""The help page on licensing."""

import pytest

from reading import text_of
from seatledger.domain.catalogue.models import ChargeModel
from support import (
    administrator_of,
    given_account,
    given_device_type,
    given_licence_type,
    given_pool,
    given_user,
)

pytestmark = pytest.mark.django_db
LICENSING = "/help/licensing"


def test_the_page_explains_the_account_s_own_licence_types(visit_as):  # A33, D25
    account = given_account()
    essential = given_licence_type("essential", name="Essential User")
    add_on = given_licence_type(
        "agent",
        name="Agent User Add-On",
        needs=[essential],
        sync_source="pbx",
        lock_days=90,
        former_names=["Operator"],
        charge_model=ChargeModel.ACTIVE,
    )
    for kind in (essential, add_on, given_device_type(kinds_by_licence={"essential": "Analytics"})):
        given_pool(account, kind)
    shown = text_of(visit_as(administrator_of(account)).get(LICENSING), "#your-types")
    assert "Agent User Add-On Formerly Operator Billed for each day a licence is held." in shown
    assert "An add-on: its holder needs Essential User too. Locked for 90 days once assigned" in shown
    assert "Can be kept in step with the PBX, or assigned by hand." in shown
    assert "Active User Included: nothing is charged for it." in shown
    assert "Held by devices, from the moment they are added." in shown


def test_the_words_of_the_page_are_explained(visit_as):  # D22, D23
    account = given_account()
    shown = text_of(visit_as(given_user(account)).get(LICENSING))
    for word in (
        "Total",
        "In use",
        "Available",
        "Over-assigned",
        "Expiry",
        "Locked",
        "By a role",
        "From a list",
    ):
        assert word in shown
    assert "The licence metrics are a snapshot : what is in use at one instant." in shown


def test_the_page_is_for_people_who_are_signed_in(anyone):
    assert anyone.get(LICENSING).status_code == 302
