"""The overview: what needs attention, how full the licences are, what comes next and what changed last."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import count_customers
from seatledger.domain.closures.queries import find_closure
from seatledger.domain.licences.queries import (
    HistoryFilter,
    count_active_users,
    get_account_type,
    get_customers_total,
    list_history,
    name_history,
    today_of,
    users_to_activate,
)
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact
from seatledger.engine.days import day_of
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.coming import ends_to_come, renewals_to_come, soonest
from seatledger.faces.portal.entry_words import words_of
from seatledger.faces.portal.expiry import day_in_words
from seatledger.faces.portal.history import Line
from seatledger.faces.portal.next_invoice import next_invoice_of
from seatledger.faces.portal.places import own_place
from seatledger.faces.portal.pool_lines import PoolLine, pool_lines

RECENT = 8
GRAVEST_FIRST = ("bad", "warn", "info")


@dataclass(frozen=True)
class Concern:
    """Something that needs attention: what it is, what to do, and where."""

    tone: str
    icon: str
    title: str
    text: str
    url: str
    link: str


@private(None)
@require_GET
def show_overview(request: PortalRequest) -> HttpResponse:
    """Show what a reader may see of the account at one glance."""
    account, place, now = request.account, own_place(request), timezone.now()
    today = today_of(account, now)
    may_see_licences = Permission.LICENCES_VIEW in request.permissions
    may_see_billing = Permission.BILLING_VIEW in request.permissions
    lines = pool_lines(place, today=today) if may_see_licences else []
    recent = list_history(account, HistoryFilter(), limit=RECENT) if may_see_licences else []
    looks_after = account.is_provider and Permission.CUSTOMERS_VIEW in request.permissions
    context = {
        "place": place,
        "customers": count_customers(account) if looks_after else None,
        "customers_total": get_customers_total(account) if looks_after else None,
        "account_type": get_account_type(account, now),
        "active_users": count_active_users(account),
        "may_see_users": Permission.USERS_VIEW in request.permissions,
        "may_see_licences": may_see_licences,
        "concerns": sorted(
            [*_closing_concerns(request), *_licence_concerns(request, lines), *_people_concerns(request)],
            key=lambda concern: GRAVEST_FIRST.index(concern.tone),
        ),
        "lines": lines,
        "coming": soonest(
            [
                *ends_to_come(lines, today=today),
                *(renewals_to_come(account, today=today, at=now) if may_see_billing else []),
            ]
        ),
        "next_invoice": next_invoice_of(account, at=now) if may_see_billing else None,
        "recent": [Line(row, words_of(row)) for row in name_history(account, recent)],
    }
    return render(request, "portal/overview.html", context)


def _closing_concerns(request: PortalRequest) -> list[Concern]:
    """Return that the account is going to be closed, to whoever could have asked for it."""
    may_ask = Permission.DELETION_REQUEST in request.permissions
    closure = find_closure(request.account) if may_ask else None
    if closure is None:
        return []
    closes_on = day_in_words(day_of(closure.takes_effect_at, ZoneInfo(request.account.time_zone)))
    return [
        Concern(
            tone="bad",
            icon="door-closed",
            title=f"This account is closed on {closes_on}",
            text="Its deletion was requested. Until that day everything works; nothing is renewed.",
            url=reverse("portal:request_deletion"),
            link="See what will happen",
        )
    ]


def _people_concerns(request: PortalRequest) -> list[Concern]:
    account, found = request.account, []
    if Permission.USERS_MANAGE in request.permissions and (waiting := users_to_activate(account).count()):
        who = "1 user waits" if waiting == 1 else f"{waiting:,} users wait"
        found.append(
            Concern(
                tone="info",
                icon="hourglass",
                title=f"{who} for activation",
                text="They cannot sign in before an administrator activates them.",
                url=f"{reverse('portal:users')}?active=waiting",
                link="Show who waits",
            )
        )
    if Permission.CONTACT_MANAGE in request.permissions:
        found += _contact_concerns(account)
    return found


def _contact_concerns(account: Account) -> list[Concern]:
    contact = find_main_contact(account)
    if contact and contact.is_active:
        return []
    said = f"{contact.full_name} is deactivated" if contact else "Nobody is chosen"
    return [
        Concern(
            tone="warn",
            icon="contact",
            title="The main contact is missing",
            text=f"{said}, so notices and renewal reminders may not be read.",
            url=f"{reverse('portal:billing')}#main-contact",
            link="Choose the main contact",
        )
    ]


def _licence_concerns(request: PortalRequest, lines: list[PoolLine]) -> list[Concern]:
    may_ask = Permission.BILLING_MANAGE in request.permissions
    ask = (reverse("portal:ask_for_more"), "Need more licences?") if may_ask else None
    if ask and not lines and not request.account.is_provider:
        said = "Ask for the first ones, and they are shown here."
        return [Concern("info", "key-round", "This account has no licences yet", said, *ask)]
    return [concern for line in lines for concern in (_end_of(line, ask), _fullness_of(line, ask)) if concern]


def _end_of(line: PoolLine, ask: tuple[str, str] | None) -> Concern | None:
    """Return that the licences have ended or soon will, if so."""
    expiry, there = line.expiry, ask or _here(line)
    on = day_in_words(expiry.on) if expiry.on else ""
    if expiry.state == "grace" and expiry.until:
        said = f"They ended on {on}. Access goes on until the end of {day_in_words(expiry.until)}, free of charge."
        return Concern("warn", "calendar-clock", f"{line.name} licences have ended", said, *there)
    if expiry.state == "expired":
        said = (
            f"They ended on {on}. Those in use stay as they are; none can be assigned until they are renewed."
        )
        return Concern("bad", "calendar-x", f"{line.name} licences expired", said, *there)
    if expiry.state == "expiring":
        said = f"They end on {on}."
        if expiry.until:
            said = f"{said} Access goes on until the end of {day_in_words(expiry.until)}."
        return Concern("warn", "calendar-clock", f"{line.name} licences end soon", said, *there)
    return None


def _fullness_of(line: PoolLine, ask: tuple[str, str] | None) -> Concern | None:
    """Return that no licence is left, or that more are in use than there are, if so."""
    pool = line.pool
    if pool.total_licences is None or pool.available_licences:
        return None
    if pool.is_over_assigned:
        over = pool.assigned_licences - pool.total_licences
        said = f"{pool.assigned_licences:,} are in use, {over:,} more than the total. None can be assigned."
        there = (line.held_url, "Show who holds one")
        return Concern("bad", "triangle-alert", f"{line.name} is over-assigned", said, *there)
    if pool.total_licences == 0:
        return None
    said = f"All {pool.total_licences:,} are in use. The next one will be refused."
    there = ask or _here(line)
    return Concern("warn", "circle-alert", f"No {line.name} licence is available", said, *there)


def _here(line: PoolLine) -> tuple[str, str]:
    return reverse("portal:pool", args=[line.pool.pk]), "Look at these licences"
