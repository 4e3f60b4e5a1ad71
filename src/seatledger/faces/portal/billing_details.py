"""Billing details: whom the account's invoices are made out to."""

from functools import cache
from typing import Final, cast

from babel import Locale
from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.invoices.actions import NewDetails, change_billing_details
from seatledger.domain.invoices.countries import COUNTRIES
from seatledger.domain.invoices.models import BillingDetails
from seatledger.domain.invoices.queries import get_billing_details
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused

# The field that a refusal is about; any other names its field in its first words.
FIELD_OF: Final = {
    "unknown_country": "country",
    "unfit_vat_number": "vat_number",
    "unfit_email": "copies_to",
    "too_many_copies": "copies_to",
}
_LONGEST_COPIES: Final = 2000


class BillingDetailsForm(forms.Form):
    """Name, address and numbers as invoices show them."""

    legal_name = forms.CharField(
        max_length=200,
        required=False,
        label="Legal name",
        help_text="As it is registered. Without one, invoices are made out to the account's name.",
    )
    street = forms.CharField(max_length=200, label="Street and number")
    postcode = forms.CharField(max_length=20, required=False, label="Postcode")
    city = forms.CharField(max_length=100, label="City")
    country = forms.ChoiceField(label="Country")
    vat_number = forms.CharField(
        max_length=40,
        required=False,
        label="VAT number",
        help_text="Within the EU, with a VAT number of your country you account for the tax yourself.",
    )
    purchase_order = forms.CharField(
        max_length=50, required=False, label="Purchase order number", help_text="Printed on every invoice."
    )
    copies_to = forms.CharField(
        max_length=_LONGEST_COPIES,
        required=False,
        label="Send copies to",
        help_text="E-mail addresses that receive every invoice, one a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None, *, details: BillingDetails) -> None:
        kept = {name: getattr(details, name) for name in self.base_fields}
        super().__init__(data, initial=kept | {"copies_to": "\n".join(details.copies_to)})
        cast("forms.ChoiceField", self.fields["country"]).choices = [("", "Choose a country"), *countries()]

    def details(self) -> NewDetails:
        """Return what was filled in."""
        found = dict(self.cleaned_data)
        copies = found.pop("copies_to").replace(",", "\n").split()
        return NewDetails(**found, copies_to=tuple(copies))


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def show_billing_details(request: PortalRequest) -> HttpResponse:
    """Show whom invoices are made out to, and change it."""
    details = get_billing_details(request.account)
    if request.method == "GET":
        return _show(request, BillingDetailsForm(details=details))
    form = BillingDetailsForm(request.POST, details=details)
    if form.is_valid():
        try:
            change_billing_details(
                account=request.account, details=form.details(), at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code), str(refusal))
        else:
            messages.success(request, "The billing details are saved. Invoices from now on show them.")
            return redirect("portal:billing_details")
    return _show(request, form, status=422)


def _show(request: PortalRequest, form: BillingDetailsForm, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/billing_details.html", {"form": form}, status=status)


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return the countries by name, as English calls them: code and name."""
    names = Locale("en").territories
    return tuple(sorted(((code, str(names[code])) for code in COUNTRIES), key=lambda choice: choice[1]))
