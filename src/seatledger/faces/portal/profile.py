"""Your profile: a signed-in person's own name, phone and address, and the way to the pages about signing in."""

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.people.actions import edit_user
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import roles_of
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused

DETAILS = ("first_name", "last_name", "phone")


class ProfileForm(forms.Form):
    first_name = forms.CharField(max_length=100, label="First name")
    last_name = forms.CharField(max_length=100, label="Last name")
    phone = forms.CharField(max_length=40, label="Phone", required=False)

    @classmethod
    def of(cls, user: User) -> "ProfileForm":
        return cls(initial={field: getattr(user, field) for field in DETAILS})


class OwnAddressForm(forms.Form):
    """A new address to sign in with; the password shows that nobody else sits here."""

    email = forms.EmailField(
        max_length=254, label="New email address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        return password


@private(None)
@require_GET
def show_profile(request: PortalRequest) -> HttpResponse:
    """Show who is signed in, with what can be changed."""
    return _show(request, ProfileForm.of(request.user), OwnAddressForm(user=request.user))


@private(None)
@require_POST
def change_details(request: PortalRequest) -> HttpResponse:
    """Change one's own name and phone."""
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            edit_user(user=request.user, details=form.cleaned_data, at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("portal:profile")
    return _show(request, form, OwnAddressForm(user=request.user), status=422)


@private(None)
@require_POST
def change_address(request: PortalRequest) -> HttpResponse:
    """Change the address one signs in with."""
    form = OwnAddressForm(request.POST, user=request.user)
    if form.is_valid():
        details = {"email": form.cleaned_data["email"]}
        try:
            edit_user(user=request.user, details=details, at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, "From now on you sign in with your new address.")
            return redirect("portal:profile")
    return _show(request, ProfileForm.of(request.user), form, status=422)


def _show(
    request: PortalRequest, details: ProfileForm, address: OwnAddressForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "person": request.user,
        "details": details,
        "address": address,
        "roles": roles_of(request.user),
        "second_step": is_mfa_enabled(request.user),
    }
    return render(request, "portal/profile.html", context, status=status)
