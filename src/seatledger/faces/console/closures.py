"""Console > Closures: the ends of accounts that go on, with their deadlines; an account's own, and its certificate."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.closures.course import acknowledged_by
from seatledger.domain.closures.dates import ERASED_WITHIN
from seatledger.domain.closures.models import Certificate, Closure, ClosureState
from seatledger.domain.closures.queries import (
    ClosureKey,
    ClosureList,
    NamedStep,
    find_closures_for_operator,
    find_newest_closure,
    get_certificate,
    is_due,
    list_steps,
    name_steps,
)
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries import names_of_staff_for_operator
from seatledger.engine.days import day_of
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import NotFound

LOOK_AGAIN_S = 3
# So few days before the last one, the deadline is shown as a warning.
SOON = 7


@dataclass(frozen=True)
class ClosureView:
    """A closure with its days, in the account's zone. `days_left` until everything has to be erased: None before the closing."""

    closure: Closure
    closes_on: date
    acknowledged_on: date | None
    erased_by: date
    days_left: int | None
    may_try: bool

    @property
    def tone(self) -> str:
        if self.days_left is None:
            return "neutral"
        return "bad" if self.days_left < 0 else "warn" if self.days_left < SOON else "info"

    @property
    def days_over(self) -> int:
        return -(self.days_left or 0)


class ClosureListForm(forms.Form):
    show = forms.ChoiceField(choices=ClosureList.choices, required=False)

    def wanted(self) -> ClosureList:
        self.is_valid()
        return ClosureList(self.cleaned_data.get("show") or ClosureList.GOING_ON)


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_closures(request: ConsoleRequest) -> HttpResponse:
    """List closures by the day on which they take effect."""
    filters, now = ClosureListForm(request.GET), timezone.now()
    wanted, after = filters.wanted(), request.GET.get("after", "")
    key = cast("ClosureKey | None", decode_key(after, (_instant, UUID)))
    rows = find_closures_for_operator(wanted, after=key, limit=PAGE + 1)
    page = page_of(
        [view_of(closure, now) for closure in rows],
        key_of=lambda view: (view.closure.takes_effect_at.isoformat(), view.closure.pk),
        after=after,
    )
    context = {
        "page": page,
        "lists": ClosureList.choices,
        "wanted": wanted,
        "first_url": f"?show={wanted}" if not page.is_first else "",
        "next_url": f"?show={wanted}&after={page.next_key}" if page.next_key else "",
    }
    return render(request, "console/closures.html", context)


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def send_certificate(request: ConsoleRequest, serial: str, kind: str) -> HttpResponse:
    """Send the certificate of an erasure, as JSON or as PDF. While the PDF is not made, a page says so and looks again."""
    account = get_account_for_operator(serial)
    certificate = get_certificate(account)
    if kind == "json":
        return _file(certificate.content.encode(), "application/json", f"certificate-{serial}.json")
    if kind != "pdf":
        raise NotFound("file")
    if certificate.pdf is None:
        return _wait(request, account, certificate)
    return _file(bytes(certificate.pdf), "application/pdf", f"certificate-{serial}.pdf")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = str(content_disposition_header(as_attachment=True, filename=name))
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


def _wait(request: ConsoleRequest, account: Account, certificate: Certificate) -> HttpResponse:
    lock = f"make_certificate_pdf:{certificate.closure_id}"
    job = jobs.configure_task("make_certificate_pdf", queue="documents", queueing_lock=lock)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(closure_id=str(certificate.closure_id))
    context = {"account": account, "seconds": LOOK_AGAIN_S}
    answer = render(request, "console/certificate_comes.html", context, status=202)
    answer["Refresh"] = str(LOOK_AGAIN_S)
    return answer


class OfAccount(TypedDict):
    """What an account's page shows of its newest closure: its days, and each step with who took it."""

    closure: ClosureView | None
    closure_steps: list[NamedStep]


def closure_of(account: Account, now: datetime) -> OfAccount:
    """Return what an account's page shows of its newest closure."""
    closure = find_newest_closure(account)
    if closure is None:
        return {"closure": None, "closure_steps": []}
    return {"closure": view_of(closure, now), "closure_steps": _named(account, closure)}


def deeds_of_closure(view: ClosureView | None) -> tuple[str, ...]:
    """Return which deeds make sense about an account's closure as it stands."""
    if view is None or view.closure.state == ClosureState.WITHDRAWN:
        return ("request_closure",)
    state = view.closure.state
    noted = ("acknowledge_closure",) if state == ClosureState.REQUESTED else ()
    pending = ("bring_closure_forward", "withdraw_closure") if view.closure.is_pending else ()
    return (*noted, *pending, *(("try_closure_again",) if view.may_try else ()))


def view_of(closure: Closure, now: datetime) -> ClosureView:
    zone = ZoneInfo(closure.account.time_zone)
    erase_by = closure.erase_by or closure.takes_effect_at + ERASED_WITHIN
    by_itself = acknowledged_by(closure.requested_at, closure.takes_effect_at)
    counts = closure.state in {ClosureState.CLOSING, ClosureState.CLOSED}
    return ClosureView(
        closure=closure,
        closes_on=day_of(closure.takes_effect_at, zone),
        acknowledged_on=day_of(by_itself, zone) if closure.state == ClosureState.REQUESTED else None,
        erased_by=day_of(erase_by, zone),
        days_left=(erase_by - now) // timedelta(days=1) if counts else None,
        may_try=is_due(closure, now),
    )


def _named(account: Account, closure: Closure) -> list[NamedStep]:
    """Return each step with who took it, staff by name: the customer reads "Admin Team"."""
    named = name_steps(account, list_steps(account, closure))
    staff = names_of_staff_for_operator(one.step.actor_id for one in named if one.step.actor_id)
    return [NamedStep(one.step, staff.get(one.step.actor_id or account.pk, one.who)) for one in named]


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant has a zone")
    return at.astimezone(UTC)
