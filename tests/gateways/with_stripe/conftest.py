"""A stand-in for Stripe in a process of its own, and a gateway that asks it."""

from collections.abc import Iterator

import pytest

from stripe_server.client import StandIn
from stripe_world import World


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def world(stand_in: StandIn) -> World:
    """Stripe with empty books."""
    stand_in.command("reset")
    return World(stand_in)
