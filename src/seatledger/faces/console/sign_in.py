"""Signing in to the console: a password, then a code of the authenticator app. Apart from customers in every respect."""

from typing import cast

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff import sessions
from seatledger.domain.staff.actions import try_code, try_password
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.queries import secret_of
from seatledger.domain.staff.refusals import TooManyTries
from seatledger.faces.console.boundary import PREFIX, GuardedRequest
from seatledger.faces.ui.marks import public

# One answer to a wrong password, an unknown address and too many tries, so that it tells nobody who is of the staff.
WRONG = "The email address or the password is not right. After five wrong tries, wait five minutes."


class PasswordForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; right ones lead to the second step and to nothing else."""
    limited = ratelimit.consume_or_429(request, action="login") if request.method == "POST" else None
    if limited:
        return cast("HttpResponse", limited)
    guarded = cast("GuardedRequest", request)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        try:
            member = try_password(**form.cleaned_data, at=now, by=Actor.system())
        except TooManyTries:
            member = None
        if member is not None:
            sessions.remember_first_step(guarded.session, member, at=now)
            guarded.session["next"] = _safe(request, request.POST.get("next", ""))
            return redirect("console:code")
        form.add_error(None, WRONG)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "console/sign_in.html", context, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Ask who gave the right password for a code, and sign in."""
    guarded = cast("GuardedRequest", request)
    now = timezone.now()
    member = sessions.find_first_step(guarded.session, at=now)
    if member is None:
        return redirect("console:sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            right = try_code(
                member=member, code=form.cleaned_data["code"], at=now, by=Actor.admin_team(member.pk)
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal))
        else:
            if right:
                next_url = guarded.session.get("next") or reverse("console:overview")
                sessions.begin(guarded.session, member)
                return redirect(next_url)
            form.add_error("code", "This code is not right, or it was used. Take the newest one.")
    context = {"form": form, "member": member, "demo_code": _code_of_demo(member)}
    return render(request, "console/code.html", context, status=422 if form.is_bound else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End one's own session."""
    cast("GuardedRequest", request).session.flush()
    return redirect("console:sign_in")


def _safe(request: HttpRequest, url: str) -> str:
    """Return where to lead someone after signing in: within the console only."""
    same = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if same and url.startswith(PREFIX) else ""


def _code_of_demo(member: StaffMember) -> str:
    """Return the code that the demo's app would show: its secret is known to everyone. Empty for all others."""
    secret = settings.SEATLEDGER_DEMO_SECRET
    return code_at(secret, timezone.now()) if secret and secret_of(member) == secret else ""
