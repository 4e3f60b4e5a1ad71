"""Every refusal of the domain is named for what happened, says what to do, and has a test that brings it about."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from seatledger import domain, shared
from seatledger.shared.errors import NotFound, Refused

ROOMS = domain.__name__, shared.__name__
TESTS = Path(__file__).resolve().parent.parent


def every_refusal() -> list[type[Refused]]:
    """Return the refusals of every room, by name."""
    for house in (domain, shared):
        for module in walk_packages(house.__path__, house.__name__ + "."):
            if ".migrations" not in module.name:
                import_module(module.name)
    found, waiting = [], [Refused]
    while waiting:
        # Those of the faces, which may be loaded by now, are theirs.
        below = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith(ROOMS)]
        found += below
        waiting += below
    return sorted(found, key=lambda kind: kind.__name__)


REFUSALS = every_refusal()
NAMED_IN_TESTS = {
    word
    for file in TESTS.rglob("test_*.py")
    if file != Path(__file__)
    for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))
}

each = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.__name__)


@each
def test_a_refusal_is_brought_about_by_a_test(refusal: type[Refused]):
    assert refusal.__name__ in NAMED_IN_TESTS


@each
def test_a_refusal_says_what_it_is(refusal: type[Refused]):
    assert refusal.__doc__
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", refusal.code)


def test_no_two_refusals_share_a_code():
    codes = [refusal.code for refusal in REFUSALS]
    assert sorted(set(codes)) == sorted(codes)


def test_another_accounts_thing_is_said_to_be_none():
    assert str(NotFound("pool of licences")) == "There is no such pool of licences in this account."
