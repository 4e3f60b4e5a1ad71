"""A database belongs to one region, and a process of another one does not touch it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection

from elsewhere import address_of, run
from seatledger.config.apps import refuse_other_cell, stamp
from seatledger.config.models import Cell


@pytest.mark.django_db
def test_a_new_database_is_stamped_and_the_stamp_stays(settings):
    assert [cell.region for cell in Cell.objects.all()] == ["eu"]
    settings.SEATLEDGER_REGION = "us"
    stamp(using="default")
    assert [cell.region for cell in Cell.objects.all()] == ["eu"]


@pytest.mark.django_db
def test_a_process_of_another_region_is_refused(settings):
    settings.SEATLEDGER_REGION = "us"
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_other_cell(connection=connection)
    assert str(refused.value) == "this database belongs to the region eu, but SEATLEDGER_REGION is us"


@pytest.mark.django_db
def test_a_command_of_another_region_does_not_start():
    code, said = run(address_of(), "account", "list", SEATLEDGER_REGION="uk")
    assert (code, said) == (
        2,
        "seatledger: this database belongs to the region eu, but SEATLEDGER_REGION is uk\n",
    )


@pytest.mark.django_db
def test_a_database_has_one_region():
    with pytest.raises(IntegrityError):
        Cell.objects.create(id=False, region="uk")
