"""Console > Sent mail: who was told what and when, what could not be sent, and in a demo each letter as it was."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp, csp_update
from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.notifications.actions import try_again
from seatledger.domain.notifications.models import Message, MessageKind, MessageState
from seatledger.domain.notifications.queries import (
    SentFilter,
    find_letter_for_operator,
    get_message_for_operator,
    list_messages_for_operator,
)
from seatledger.domain.notifications.queries.sent import MessageKey
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff

PAGE: Final = 50
_BETWEEN: Final = "~"
# A letter brings its own styles, and may do nothing else whatever stands in it.
_LETTER_POLICY: Final = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [""],
}


class SentMailForm(forms.Form):
    """Which messages are shown."""

    recipient = forms.CharField(max_length=200, required=False, label="Recipient or account")
    kind = forms.ChoiceField(choices=[("", "All"), *MessageKind.choices], required=False, label="Kind")
    state = forms.ChoiceField(choices=[("", "All"), *MessageState.choices], required=False, label="State")

    def wanted(self) -> SentFilter:
        found = self.cleaned_data
        state = MessageState(found["state"]) if found["state"] else None
        return SentFilter(found["recipient"], found["kind"], state)


@for_staff(StaffPermission.OPERATIONS_VIEW)
@require_GET
def show_sent_mail(request: ConsoleRequest) -> HttpResponse:
    """List messages, the newest first."""
    form = SentMailForm(request.GET, label_suffix="")
    if not form.is_valid():
        raise BadRequest("There is no such kind or state. Go back to the first page.")
    after = _read_key(request.GET.get("after", ""))
    rows = list_messages_for_operator(form.wanted(), after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    next_url = f"?{urlencode(chosen | {'after': _key_of(shown[-1])})}" if len(rows) > PAGE else ""
    first_url = f"?{urlencode(chosen)}" if after else ""
    context = {"rows": shown, "form": form, "next_url": next_url, "first_url": first_url, "chosen": chosen}
    return render(request, "console/sent_mail.html", context)


@for_staff(StaffPermission.OPERATIONS_VIEW)
@require_GET
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type] # the library knows requests without an id alone
def show_message(request: ConsoleRequest, message_id: UUID) -> HttpResponse:
    """Show one message: who, what, when, how often it was tried; in a demo as it was sent."""
    message = get_message_for_operator(message_id)
    context = {"message": message, "letter": find_letter_for_operator(message)}
    return render(request, "console/message.html", context)


@for_staff(StaffPermission.OPERATIONS_VIEW)
@require_GET
@csp(_LETTER_POLICY)  # type: ignore[arg-type] # the same
@xframe_options_sameorigin
def show_letter(request: ConsoleRequest, message_id: UUID) -> HttpResponse:
    """Send a letter's page as its reader got it, for a frame in which nothing of it can act."""
    del request
    letter = find_letter_for_operator(get_message_for_operator(message_id))
    if letter is None:
        raise Http404("This letter was not kept.")
    return HttpResponse(letter.html)


@for_staff(StaffPermission.OPERATIONS_VIEW)
@require_POST
def send_again(request: ConsoleRequest, message_id: UUID) -> HttpResponse:
    """Let a message that was given up be sent anew; the next minute's job takes it."""
    message = get_message_for_operator(message_id)
    if try_again(message=message):
        messages.success(request, f"The message to {message.recipient} is tried again within a minute.")
    else:
        messages.info(request, "Only a message that was given up can be sent again.")
    return redirect("console:message", message_id)


def _key_of(message: Message) -> str:
    return f"{message.queued_at.isoformat()}{_BETWEEN}{message.pk}"


def _read_key(text: str) -> MessageKey | None:
    """Return the key of the last row of the page before; None on the first page. Raises BadRequest."""
    if not text:
        return None
    at, _, message_id = text.partition(_BETWEEN)
    try:
        key = (datetime.fromisoformat(at), UUID(message_id))
    except ValueError:
        raise BadRequest("This link to a page is damaged. Go back to the first page.") from None
    if key[0].tzinfo is None:
        raise BadRequest("This link to a page is damaged. Go back to the first page.")
    return key
