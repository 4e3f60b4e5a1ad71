"""Quotations: what staff offer in writing, with the exact figures of the day; who manages billing accepts or declines."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.invoices.actions import BillingWaits
from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.taxes import TaxRuleMissing
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions.quotations import (
    LONGEST_NOTE,
    accept_quotation,
    decline_quotation,
    tell_quotation,
)
from seatledger.domain.payments.models import Quotation, QuotationState
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.domain.payments.queries.quotations import get_quotation, list_quotations
from seatledger.domain.payments.quotes import Quote, signed_minor
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.invoices import title_of
from seatledger.faces.portal.quote_words import told_lines
from seatledger.faces.ui import formats
from seatledger.faces.ui.viewing import viewing_of
from seatledger.shared.errors import Refused

# What the vendor's staff must see to; its words are for them.
_NOT_SET_UP = (NoSeller, TaxRuleMissing, BillingWaits)


class DeclineForm(forms.Form):
    """Why not, if the customer wants to say it."""

    why = forms.CharField(
        label="A word to the vendor",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2}),
    )


@private(Permission.BILLING_VIEW)
@require_GET
def show_quotations(request: PortalRequest) -> HttpResponse:
    """List what the account was offered, the newest first."""
    today = today_of(request.account, timezone.now())
    rows = [(each, each.state_on(today)) for each in list_quotations(request.account)]
    return render(request, "portal/quotations.html", {"rows": rows})


@private(Permission.BILLING_VIEW)
@require_GET
def show_quotation(request: PortalRequest, quotation_id: UUID) -> HttpResponse:
    """Show a quotation, and what it costs if it is accepted today."""
    return _show(request, get_quotation(request.account, quotation_id))


@private(Permission.BILLING_MANAGE)
@require_POST
def accept(request: PortalRequest, quotation_id: UUID) -> HttpResponse:
    """Accept a quotation with the figures that were read."""
    quotation, now = get_quotation(request.account, quotation_id), timezone.now()
    expected = request.POST.get("expected", "")
    try:
        issued = accept_quotation(quotation=quotation, expected=expected, at=now, by=request.actor)
    except Refused as refusal:
        return _show(request, get_quotation(request.account, quotation_id), refusal=_said(quotation, refusal))
    locale = formats.reader_locale()
    numbers = [(formats.number_text(one.number, locale=locale), one.name) for one in quotation.lines.all()]
    added = ", ".join(f"{number} {name}" for number, name in numbers)
    documents = " ".join(f"{title_of(document)} is in your billing history." for document in issued)
    messages.success(
        request, f"Quotation {quotation.number} is accepted. Added: {added}. {documents}".strip()
    )
    return redirect("portal:quotation", quotation.pk)


@private(Permission.BILLING_MANAGE)
@require_POST
def decline(request: PortalRequest, quotation_id: UUID) -> HttpResponse:
    """Say no to a quotation."""
    quotation, form = get_quotation(request.account, quotation_id), DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, quotation, form=form)
    try:
        why = form.cleaned_data["why"]
        decline_quotation(quotation=quotation, why=why, at=timezone.now(), by=request.actor)
    except Refused as refusal:
        return _show(request, get_quotation(request.account, quotation_id), refusal=str(refusal))
    messages.success(request, f"Quotation {quotation.number} is declined. Nothing has changed.")
    return redirect("portal:quotation", quotation.pk)


def _show(
    request: PortalRequest, quotation: Quotation, *, form: DeclineForm | None = None, refusal: str = ""
) -> HttpResponse:
    now, status = timezone.now(), 422 if refusal or form else 200
    state, quote = quotation.state_on(today_of(request.account, now)), None
    # Staff who look at it as the customer does change nothing, and working it out means doing it and undoing it.
    if state == QuotationState.SENT and viewing_of(request) is None:
        try:
            quote = tell_quotation(quotation=quotation, at=now, by=request.actor)
        except Refused as unfit:
            refusal = _said(quotation, unfit)
    context = {
        "quotation": quotation,
        "lines": quotation.lines.all(),
        "state": state,
        "form": form or DeclineForm(),
        "refusal": refusal,
        "may_answer": Permission.BILLING_MANAGE in request.permissions,
        "method": get_default_method(request.account),
        "contact": sales_contact_of(request.account),
        **(_told(quote) if quote else {}),
    }
    return render(request, "portal/quotation.html", context, status=status)


def _said(quotation: Quotation, refusal: Refused) -> str:
    """Return why it cannot be accepted, in words for the customer."""
    if isinstance(refusal, _NOT_SET_UP):
        contact = sales_contact_of(quotation.account)
        return f"What it costs cannot be worked out now. Contact {contact}."
    return str(refusal)


def _told(quote: Quote) -> dict[str, object]:
    """Return the figures of the day as the page shows them."""
    following = quote.following
    return {
        "quote": quote,
        "due_lines": [line for draft in quote.due for line in told_lines(draft)],
        "following": following,
        "following_lines": told_lines(following) if following else (),
        "following_tax_minor": signed_minor(following, following.tax_minor) if following else 0,
        "following_minor": signed_minor(following, following.total_minor) if following else 0,
    }
