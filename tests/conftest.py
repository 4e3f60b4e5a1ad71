"""What every test may ask for."""

import gc
from collections.abc import Iterator

import pytest
from django.core.management import get_commands
from pytest_django import DjangoDbBlocker

import emptying
from databases import choose_own_database

# What a story proves, it proves outside a test file.
pytest.register_assert_rewrite("story")
# The files whose tests take longest, the longest first: what is begun last must not keep one process busy alone.
LONG = (
    "test_tools.py",
    "test_cut_off_at_stripe.py",
    "test_moves_cut_off.py",
    "test_import_snapshots.py",
    "test_backup.py",
    "test_closing_races.py",
    "test_supervisor.py",
    "test_demo.py",
    "test_sample_is_billed.py",
    "test_payment_laws.py",
    "test_cut_off_charges.py",
    "test_three_cells.py",
    "test_billing_processes.py",
    "test_access.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones. Processes steal from the end of each other's tests, where the short ones are then."""
    long = sorted(
        (item for item in items if item.path.name in LONG), key=lambda item: LONG.index(item.path.name)
    )
    other = [item for item in items if item.path.name not in LONG]
    items[:] = [*long, *other]


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays for good: all that was loaded by now."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this process a database of its own before pytest-django makes it."""
    with django_db_blocker.unblock():
        lock = choose_own_database()
    get_commands()["flush"] = emptying.Command()
    yield
    lock.release()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let the database go before pytest-django drops it."""
    yield
    emptying.let_go()
