"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from django.core.management import get_commands
from pytest_django import DjangoDbBlocker

import emptying
from databases import choose_own_database

# What a story proves, it proves outside a test file.
pytest.register_assert_rewrite("story")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this process a database of its own before pytest-django makes it."""
    with django_db_blocker.unblock():
        lock = choose_own_database()
    get_commands()["flush"] = emptying.Command()
    yield
    lock.release()
