"""The first visit of a member of staff: choose a password, connect an authenticator app, keep the recovery codes."""

from typing import cast
from xml.etree import ElementTree as ET

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods
from qrcode import make as make_qr_code
from qrcode.image.svg import SvgPathFillImage

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import set_up_sign_in
from seatledger.domain.staff.codes import address_for_app
from seatledger.domain.staff.links import find_by_token
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.queries import secret_of
from seatledger.faces.ui.marks import public
from seatledger.shared.errors import Refused

PASSWORD_HELP = "At least 12 characters, unlike your address, and not a common one."  # noqa: S105 -- words


class SetUpForm(forms.Form):
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password, once more",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    code = forms.CharField(
        label="Code from the app",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("This is not the same password. Type it again.")
        return again


@public
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Let who has the link choose a password and connect an app; then show the recovery codes once."""
    limited = ratelimit.consume_or_429(request, action="login") if request.method == "POST" else None
    if limited:
        return cast("HttpResponse", limited)
    now = timezone.now()
    member = find_by_token(token, at=now)
    if member is None:
        return render(request, "console/set_up_failed.html", status=404)
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = set_up_sign_in(
                member=member,
                password=form.cleaned_data["password"],
                code=form.cleaned_data["code"],
                at=now,
                by=Actor.admin_team(member.pk),
            )
        except Refused as refusal:
            form.add_error("code" if refusal.code == "wrong_app_code" else "password", str(refusal))
        else:
            return render(request, "console/set_up_done.html", {"codes": codes})
    secret = secret_of(member)
    context = {"form": form, "member": member, "secret": secret, "qr_code": _qr_code(member, secret)}
    return render(request, "console/set_up.html", context, status=422 if form.is_bound else 200)


def _qr_code(member: StaffMember, secret: str) -> SafeString:
    """Return the QR code as SVG to stand in a page; the content policy lets no `data:` image in."""
    address = address_for_app(secret, name=member.email)
    drawing = make_qr_code(address, image_factory=SvgPathFillImage, border=2).get_image()
    drawing.set("role", "img")
    drawing.set("aria-label", "QR code for your authenticator app")
    return mark_safe(ET.tostring(drawing, encoding="unicode"))  # noqa: S308 -- drawn by the library from our own text
