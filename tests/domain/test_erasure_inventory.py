"""Nothing of an account is forgotten by its erasure: every table of an account has its place in the inventory."""

import pytest
from django.apps import apps
from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.inventory import ERASED, KEPT
from seatledger.domain.people.models import User

pytestmark = pytest.mark.django_db

# The account's own row is emptied of names by itself, and the chains' heads go with the chains.
APART = {"accounts_account", "events_chainhead"}


def tables_of_accounts() -> set[str]:
    """Return the tables whose rows belong to an account or to one of its users."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.column == "account_id" or field.related_model in {Account, User}:
                found.add(model._meta.db_table)
    return found - APART


def test_every_table_of_accounts_is_erased_or_kept_for_a_reason():
    listed = [*(erased.table for erased in ERASED), *(kept.table for kept in KEPT)]
    assert len(listed) == len(set(listed))
    assert tables_of_accounts() - set(listed) == set()
    assert set(listed) - tables_of_accounts() == {"account_emailconfirmation", "signups_signup"}


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.table)
def test_a_kept_table_says_why_and_its_blanked_columns_exist(kept):
    assert kept.duty
    with connection.cursor() as cursor:
        columns = {
            column.name for column in connection.introspection.get_table_description(cursor, kept.table)
        }
    assert set(kept.blanked) <= columns


def test_what_is_erased_first_is_not_pointed_at_by_what_follows():
    """A row goes only when no row that is erased later, or kept, points at it, unless that column is blanked."""
    order = [erased.table for erased in ERASED]
    blanked = {(kept.table, column) for kept in KEPT for column in kept.blanked}
    later_or_kept = {table: order[index + 1 :] for index, table in enumerate(order)}
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            target = field.related_model._meta.db_table if field.related_model else None
            if target not in order or target == table or (table, field.column) in blanked:
                continue
            is_kept = table in {kept.table for kept in KEPT}
            if is_kept or table in later_or_kept[target]:
                wrong.append(f"{table}.{field.column} points at {target}")
    assert wrong == []
