"""Account > Settings: the e-mail domains from which people may join. The page itself is in `settings`."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import ask_for_domain, remove_domain, verify_domain
from seatledger.domain.subscriptions.models import Mailbox
from seatledger.domain.subscriptions.queries import get_domain
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import NotFound, Refused


class DomainForm(forms.Form):
    """A domain, and the mailbox that those who run it read."""

    domain = forms.CharField(
        max_length=253,
        label="E-mail domain",
        help_text="What follows the @ in your organisation's addresses.",
    )
    mailbox = forms.ChoiceField(
        choices=[(mailbox.value, f"{mailbox.label}@") for mailbox in Mailbox],
        initial=Mailbox.POSTMASTER,
        label="Send the code to",
        help_text="Only whoever runs the domain reads these mailboxes, which proves that it is yours.",
    )


@private(Permission.SETTINGS_MANAGE)
@require_POST
def add_domain(request: PortalRequest) -> HttpResponse:
    """Send a code to the domain, or a new one."""
    form = DomainForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write a domain, and choose where the code is sent.")
        return redirect("portal:settings")
    domain, mailbox = form.cleaned_data["domain"], Mailbox(form.cleaned_data["mailbox"])
    try:
        asked = ask_for_domain(
            account=request.account, domain=domain, mailbox=mailbox, at=timezone.now(), by=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A code is on its way to {asked.mailbox}@{asked.domain}.")
    return redirect("portal:settings")


@private(Permission.SETTINGS_MANAGE)
@require_POST
def prove_domain(request: PortalRequest, domain_id: UUID) -> HttpResponse:
    """Take the code that was sent to the domain."""
    domain = get_domain(request.account, domain_id)
    code = request.POST.get("code", "")
    try:
        verify_domain(domain=domain, code=code, at=timezone.now(), by=request.actor)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Whoever has an address at {domain.domain} can join from now on.")
    return redirect("portal:settings")


@private(Permission.SETTINGS_MANAGE)
@require_POST
def drop_domain(request: PortalRequest, domain_id: UUID) -> HttpResponse:
    """Let nobody join from the domain any more."""
    domain = get_domain(request.account, domain_id)
    remove_domain(domain=domain, at=timezone.now(), by=request.actor)
    messages.success(request, f"Nobody joins from {domain.domain} any more. Who has joined stays.")
    return redirect("portal:settings")
