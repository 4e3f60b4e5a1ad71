"""Pages without a sign-in: each says what it needs instead."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(why: str) -> Callable[[View], View]:
    """Mark a view as open to anybody, and say why that is safe."""
    assert why

    def mark(view: View) -> View:
        view.public = True  # type: ignore[attr-defined] # a mark for the rule of the house that looks for it
        return view

    return mark
