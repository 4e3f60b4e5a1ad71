"""A visitor who asks for pages as a browser would, and is seen through the wall of his account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from seatledger.domain.people.models import User
from seatledger.shared.boundary import unbind


class Visitor(Client):
    """A test client whose requests end as transactions do: what they were bound to is forgotten."""

    def request(self, **request: Any) -> Any:
        try:
            return super().request(**request)
        finally:
            unbind()


@pytest.fixture
def visit_as(db: None) -> Callable[[User], Visitor]:
    """Return a way to sign a user in."""

    def sign_in(user: User) -> Visitor:
        visitor = Visitor()
        visitor.force_login(user)
        unbind()
        return visitor

    return sign_in


@pytest.fixture
def anyone(db: None) -> Visitor:
    """Return a visitor who has not signed in."""
    return Visitor()


@pytest.fixture
def nobody_has_tried_yet(db: None) -> None:
    """Forget the attempts that other tests have made to sign in."""
    cache.clear()
