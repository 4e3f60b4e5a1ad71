"""Join your organisation: ask for a link by one's address, then say one's name. Public; the link proves the address."""

from uuid import uuid4

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app as jobs

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.subscriptions.actions import Joiner, join_account
from seatledger.domain.subscriptions.domains import email_of_token
from seatledger.domain.subscriptions.queries import find_account_to_join
from seatledger.shared.boundary import JOINING, bind_account
from seatledger.shared.errors import Refused


class AddressForm(forms.Form):
    """Asks for an address and looks nobody up: a job does, so neither answer nor time tells who is a customer."""

    email = forms.EmailField(
        max_length=254,
        label="Email address",
        help_text="The one that you have from your organisation.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class NameForm(forms.Form):
    """Who joins; the address is in the link."""

    first_name = forms.CharField(
        max_length=100, label="First name", widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        max_length=100, label="Last name", widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )


@require_http_methods(["GET", "POST"])
def ask_to_join(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and queue a link to it; the answer is the same for every address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email: str = form.cleaned_data["email"].lower()
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="reset_password", key=email)
        if limited:
            return limited
        job = jobs.configure_task("deliver_joining", queue="delivery")
        job.defer(email=email, request_id=str(uuid4()))
        return redirect("join_asked")
    return render(request, "portal/join_ask.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET"])
def show_asked(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, whoever asked."""
    return render(request, "portal/join_asked.html")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who follows the link for a name, and let him join: he chooses a password next."""
    email = email_of_token(token)
    account = _enter_account(email) if email else None
    if email is None or account is None:
        return render(request, "portal/join_failed.html", status=404)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        joiner = Joiner(email, **form.cleaned_data)
        try:
            user = join_account(account=account, joiner=joiner, at=timezone.now(), by=Actor.system())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            key = default_token_generator.make_token(user)
            return redirect("account_reset_password_from_key", uidb36=user.pk.hex, key=key)
    context = {"form": form, "account": account, "email": email}
    return render(request, "portal/join.html", context, status=422 if form.is_bound else 200)


def _enter_account(email: str) -> Account | None:
    """Return the account to join, and show the rest of this request its rows; None where there is none any more."""
    bind_account(None, door=JOINING)
    account_id = find_account_to_join(email)
    bind_account(account_id)
    return Account.objects.get(pk=account_id) if account_id else None
