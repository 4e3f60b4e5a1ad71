"""What each state is called and how it looks: a tone, an icon and a word, never colour alone."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatledger.faces.ui.icons import icon_svg


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How one state is shown. `tone` is one of neutral, info, good, warn, bad."""

    label: str
    tone: str
    icon: str


LOOKS: Final = {
    "active": StatusLook("Active", "good", "circle-check"),
    "deactivated": StatusLook("Deactivated", "neutral", "circle-pause"),
    "inactive": StatusLook("Inactive", "neutral", "circle-pause"),
    "invited": StatusLook("Invited", "info", "mail"),
    "awaiting_activation": StatusLook("Awaiting activation", "info", "hourglass"),
    "locked": StatusLook("Locked", "neutral", "lock"),
    "yes": StatusLook("Yes", "good", "circle-check"),
    "no": StatusLook("No", "neutral", "circle-minus"),
    "trial": StatusLook("Trial", "info", "flask-conical"),
    "expired": StatusLook("Expired", "bad", "calendar-x"),
    "grace": StatusLook("In grace", "warn", "calendar-clock"),
    "expiring": StatusLook("Expires soon", "warn", "calendar-clock"),
    "suspended": StatusLook("Suspended", "warn", "circle-pause"),
    "available": StatusLook("Available", "good", "circle-check"),
    "full": StatusLook("All in use", "warn", "circle-alert"),
    "over_assigned": StatusLook("Over-assigned", "bad", "triangle-alert"),
    "unlimited": StatusLook("Unlimited", "neutral", "infinity"),
    "manual": StatusLook("Manual", "neutral", "hand"),
    "rule": StatusLook("By rule", "info", "workflow"),
    "synced": StatusLook("Synced", "info", "refresh-cw"),
    "sent": StatusLook("Sent", "info", "send"),
    "accepted": StatusLook("Accepted", "good", "circle-check"),
    "declined": StatusLook("Declined", "neutral", "circle-x"),
    "scheduled": StatusLook("Scheduled", "info", "calendar-clock"),
    "pending": StatusLook("Pending", "warn", "hourglass"),
    "in_progress": StatusLook("In progress", "info", "loader"),
    "completed": StatusLook("Completed", "good", "circle-check"),
    "withdrawn": StatusLook("Withdrawn", "neutral", "undo-2"),
    "cancelled": StatusLook("Cancelled", "neutral", "circle-x"),
    "draft": StatusLook("Draft", "neutral", "pencil"),
    "issued": StatusLook("Issued", "info", "send"),
    "due": StatusLook("Due", "warn", "clock"),
    "overdue": StatusLook("Overdue", "bad", "clock-alert"),
    "paid": StatusLook("Paid", "good", "circle-check"),
    "void": StatusLook("Void", "neutral", "circle-x"),
    "written_off": StatusLook("Written off", "neutral", "circle-slash"),
    "used": StatusLook("Used", "neutral", "circle-check"),
    "credit_left": StatusLook("Credit left", "info", "rotate-ccw"),
    "credited": StatusLook("Credited", "neutral", "rotate-ccw"),
    "refunded": StatusLook("Refunded", "neutral", "rotate-ccw"),
    "delivered": StatusLook("Delivered", "good", "circle-check"),
    "requested": StatusLook("Requested", "warn", "inbox"),
    "notified": StatusLook("Announced", "info", "megaphone"),
    "closing": StatusLook("Closing", "info", "loader"),
    "closed": StatusLook("Closed", "neutral", "door-closed"),
    "erased": StatusLook("Erased", "good", "circle-check"),
    "waiting": StatusLook("Waiting", "info", "hourglass"),
    "retrying": StatusLook("To be tried again", "warn", "rotate-cw"),
    "given_up": StatusLook("Given up", "bad", "circle-x"),
    "failing": StatusLook("Failing", "warn", "triangle-alert"),
    "disabled": StatusLook("Switched off", "neutral", "circle-pause"),
    "intended": StatusLook("On its way", "info", "loader"),
    "needs_customer": StatusLook("Waits for you", "warn", "hourglass"),
    "succeeded": StatusLook("Paid", "good", "circle-check"),
    "reversed": StatusLook("Taken back", "bad", "undo-2"),
    "failed": StatusLook("Failed", "bad", "circle-x"),
    "unknown": StatusLook("Outcome unknown", "warn", "circle-question-mark"),
}


def look_of(status: str) -> StatusLook:
    """Return how `status` is shown; a state without an entry is neutral and spelt out."""
    words = status.replace("_", " ").strip()
    return LOOKS.get(status) or StatusLook(words[:1].upper() + words[1:], "neutral", "circle")


# Typed, so that a word marked as safe never lends its escaping to the same word from outside.
@lru_cache(maxsize=1024, typed=True)
def badge(status: str, label: str = "") -> SafeString:
    """Return the badge of a state; `label` replaces the usual word."""
    look = look_of(status)
    return format_html(
        '<span class="status" data-tone="{}">{}{}</span>',
        look.tone,
        icon_svg(look.icon, size=14),
        label or look.label,
    )
