"""How a page that anybody may open says so; a house rule lists the pages that say nothing."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, cast

from django.http import HttpResponse

P = ParamSpec("P")
View = Callable[P, HttpResponse]


class PublicView(Protocol[P]):
    """A view that asks for no permission."""

    public: bool

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> HttpResponse: ...


def public(view: View[P]) -> PublicView[P]:
    """Mark a view as for everybody, signed in or not."""
    marked = cast("PublicView[P]", view)
    marked.public = True
    return marked
