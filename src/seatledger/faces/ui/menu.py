"""What surrounds a page: brand, banner, and the side menu narrowed to what this reader may open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of the side menu. An empty `permission` means that everybody may follow it."""

    label: str
    url_name: str
    icon: str
    permission: str = ""
    kwargs: tuple[tuple[str, object], ...] = ()
    url: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Links under one heading; a group without a label stands at the top without one."""

    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """A line at the very top of every page, such as a trial's days left, with one thing to do about it."""

    text: str
    action_label: str = ""
    action_url: str = ""
    icon: str = "info"


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every page of a face. Put it into the context as `shell`.

    `user_links` are shown in the reader's own menu, above "Sign out"; they need their `url`. `face` is for the style
    sheet, where a face looks different from the portal. `logo_url` and `style_url` are those of a
    provider's brand (`is_providers`).
    """

    brand: str
    home_url: str
    menu: Sequence[MenuGroup] = ()
    account_name: str = ""
    user_name: str = ""
    user_email: str = ""
    user_links: tuple[MenuItem, ...] = ()
    sign_out_url: str = ""
    help_url: str = ""
    banner: Banner | None = None
    face: str = ""
    logo_url: str = ""
    style_url: str = ""
    is_providers: bool = False


def visible_menu(
    groups: Iterable[MenuGroup], *, permissions: frozenset[str], path: str
) -> tuple[MenuGroup, ...]:
    """Return the groups with the items `permissions` allow, each with its URL, the current one marked.

    The current item is the one whose URL is the longest beginning of `path`: a user's own page marks
    "Users". It carries "page" on exactly that page and "true" on a page below it.
    """
    allowed = [
        MenuGroup(group.label, tuple(_with_url(item) for item in group.items if _may_open(item, permissions)))
        for group in groups
    ]
    nearest = max(
        (item.url for group in allowed for item in group.items if _covers(item.url, path)),
        key=len,
        default=None,
    )
    mark = "page" if nearest == path else "true"
    return tuple(
        MenuGroup(
            group.label,
            tuple(replace(item, current=mark) if item.url == nearest else item for item in group.items),
        )
        for group in allowed
        if group.items
    )


def _may_open(item: MenuItem, permissions: frozenset[str]) -> bool:
    return not item.permission or item.permission in permissions


def _with_url(item: MenuItem) -> MenuItem:
    return replace(item, url=reverse(item.url_name, kwargs=dict(item.kwargs)))


def _covers(url: str, path: str) -> bool:
    # The home page is the beginning of every path, so it is current only when it is the page itself.
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
