"""Need more licences? The account asks, the vendor is told by e-mail; nothing else changes."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.licences.actions import request_licences
from seatledger.domain.licences.queries import brand_words_of, branded, list_types_to_ask_for
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused


class LicenceRequestForm(forms.Form):
    """What the account needs: of which type, how many more, and a word to the vendor."""

    type = forms.ChoiceField(label="Licence type")
    number = forms.IntegerField(label="How many more", min_value=1, initial=1)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Anything the vendor should know, for example when you need them.",
    )

    def __init__(self, data: QueryDict | None, *, account: Account, asked: str = "") -> None:
        super().__init__(data, initial={"type": asked})
        self.types = {str(kind.pk): kind for kind in list_types_to_ask_for(account)}
        words = brand_words_of(account)
        cast("forms.ChoiceField", self.fields["type"]).choices = [
            (key, branded(kind.name, kind.product.brand_words, words)) for key, kind in self.types.items()
        ]

    def licence_type(self) -> LicenceType:
        return self.types[self.cleaned_data["type"]]


@private(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "POST"])
def ask_for_licences(request: PortalRequest) -> HttpResponse:
    """Show the request form, and send the request it describes."""
    form = LicenceRequestForm(
        request.POST or None, account=request.account, asked=request.GET.get("type", "")
    )
    if form.is_valid():
        found = form.cleaned_data
        try:
            request_licences(
                account=request.account,
                licence_type=form.licence_type(),
                number=found["number"],
                note=found["note"],
                at=timezone.now(),
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Your request was sent. The vendor will answer with a quotation, or by e-mail."
            )
            return redirect("portal:billing")
    return render(
        request, "portal/request_licences.html", {"form": form}, status=422 if form.is_bound else 200
    )
