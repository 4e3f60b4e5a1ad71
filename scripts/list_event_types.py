"""List every event type in docs/webhooks.md: `python scripts/list_event_types.py` writes it."""

import os
import pkgutil
from dataclasses import fields
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatledger.config.settings")

import django

django.setup()

import seatledger.domain  # noqa: E402 -- Django is made ready first
from seatledger.domain.events.actions import Happening  # noqa: E402 -- the same
from seatledger.domain.notifications.webhooks.event_types import EVENT_TYPES, TEST  # noqa: E402 -- the same

PAGE = Path(__file__).resolve().parent.parent / "docs" / "webhooks.md"
_BEGIN = "a test checks that it is current. -->\n"
_END = "<!-- end -->"


def all_happenings() -> dict[str, type[Happening]]:
    """Return every happening of the domain by its kind."""
    for module in pkgutil.walk_packages(seatledger.domain.__path__, "seatledger.domain."):
        if ".migrations" not in module.name:
            import_module(module.name)
    ours = [each for each in Happening.__subclasses__() if each.__module__.startswith("seatledger.")]
    return {each.kind(): each for each in ours}


def page_with_types() -> str:
    """Return the page as it has to be: its own words, and the list of today."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    return before + _BEGIN + "\n".join(list_types()) + "\n" + _END + rest.partition(_END)[2]


def list_types() -> list[str]:
    """Return the lines of the list, the type of a test first."""
    happenings = all_happenings()
    lines = [
        "",
        "| type | object | what happened | facts |",
        "| --- | --- | --- | --- |",
        f"| `{TEST}` | webhook_endpoint | Somebody pressed Test. `sequence` counts the tests. | none |",
    ]
    for each in EVENT_TYPES:
        vendor = " *vendor*" if each.for_vendor else ""
        facts = ", ".join(f"`{field.name}`" for field in fields(happenings[each.kind])) or "none"
        lines.append(f"| `{each.name}`{vendor} | {each.about} | {each.says} | {facts} |")
    return [*lines, ""]


if __name__ == "__main__":
    PAGE.write_text(page_with_types(), encoding="utf-8")
