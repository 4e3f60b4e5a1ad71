"""Sign up: say who and what for, prove the address by a link, and have an account on trial. Public."""

from uuid import UUID, uuid4

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.events.actions import Actor, queue_job
from seatledger.domain.signups.actions import (
    ask_for_letter_again,
    ask_to_sign_up,
    check_signup,
    open_signed_up_account,
)
from seatledger.domain.signups.links import place_of, read_place, read_proof
from seatledger.domain.signups.models import Signup
from seatledger.domain.signups.offers import list_offers
from seatledger.domain.signups.queries import find_signup
from seatledger.domain.signups.refusals import SignupOver
from seatledger.faces.portal.regions import offer_regions
from seatledger.faces.portal.settings import time_zone_names
from seatledger.faces.portal.sign_up_forms import ConfirmForm, SignUpForm, locale_of
from seatledger.shared.boundary import bind_account
from seatledger.shared.errors import Refused

TOO_OFTEN = (
    "A link was sent to this address several times. Look into the mail, or wait a few minutes, type the password and sign up "
    "again. The rest of what you typed is still here."
)


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask who opens an account; the answer is the same for every address."""
    if request.user.is_authenticated:
        return redirect("portal:overview")
    offers = list_offers(timezone.now().date())
    if not offers:
        return _closed(request, status=403 if request.method == "POST" else 200)
    form = SignUpForm(request.POST or None, offers=offers, locale=locale_of(request))
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid() and _fits(form):
        # Letters are counted, not mistakes: who tries a third password has asked for none yet.
        if not ratelimit.consume(request, action="signup", key=form.cleaned_data["email"].lower()):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif signup := _asked(form):
            return redirect("signup_asked", token=place_of(signup.pk))
    context = {
        "form": form,
        "region": settings.SEATLEDGER_REGIONS[settings.SEATLEDGER_REGION],
        "regions": offer_regions("account_signup"),
        "time_zones": time_zone_names(),
        "offers": offers,
        "terms_url": settings.SEATLEDGER_TERMS_ADDRESS,
    }
    return render(request, "portal/sign_up.html", context, status=status)


@require_http_methods(["GET", "POST"])
def wait_for_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Say that a letter is on its way, and send it again when asked to."""
    signup = _enter(read_place(token))
    if signup is None:
        return render(request, "portal/sign_up_failed.html", status=404)
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="signup", key=signup.email)
        if limited:
            return limited
        ask_for_letter_again(signup_id=signup.pk, at=timezone.now(), by=Actor.system())
        _queue_letter(signup)
        messages.success(request, "The letter is on its way once more.")
        return redirect("signup_asked", token=token)
    return render(request, "portal/sign_up_asked.html", {"signup": signup})


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Open the account for who follows the letter's link and knows the password, and sign him in.

    A link is looked at by mail programs too, so that it alone opens nothing.
    """
    signup = _enter(read_proof(token))
    if signup is None:
        return render(request, "portal/sign_up_failed.html", status=404)
    if not is_open():
        return _closed(request, status=403)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited: HttpResponse | None = ratelimit.consume_or_429(
            request, action="signup_confirm", key=str(signup.pk)
        )
        if limited:
            return limited
        try:
            account, user = open_signed_up_account(
                signup_id=signup.pk,
                password=form.cleaned_data["password"],
                at=timezone.now(),
                by=Actor.system(),
            )
        except SignupOver:
            return render(request, "portal/sign_up_failed.html", status=404)
        except Refused as refusal:
            form.add_error("password" if refusal.code == "not_their_password" else None, str(refusal))
        else:
            messages.success(request, f"Welcome. {account.name} has an account now: {account.serial_number}.")
            signed_in: HttpResponse = perform_login(request, user, email_verification="none")
            return signed_in
    context = {"form": form, "signup": signup}
    return render(request, "portal/sign_up_confirm.html", context, status=422 if form.is_bound else 200)


def is_open() -> bool:
    """Say whether anybody may open an account by himself."""
    return bool(settings.SEATLEDGER_SIGNUP)


def _fits(form: SignUpForm) -> bool:
    """Say whether it can be asked for as it stands; what is wrong stands beside its field otherwise."""
    try:
        check_signup(new=form.new_signup(), at=timezone.now())
    except Refused as refusal:
        form.refuse(refusal.code, str(refusal))
        return False
    return True


def _asked(form: SignUpForm) -> Signup | None:
    """Keep what was asked for and queue the letter; None when it was refused, which the form says."""
    signup_id = uuid4()
    bind_account(signup_id)
    try:
        signup = ask_to_sign_up(
            signup_id=signup_id, new=form.new_signup(), at=timezone.now(), by=Actor.system()
        )
    except Refused as refusal:
        form.refuse(refusal.code, str(refusal))
        return None
    _queue_letter(signup)
    return signup


def _queue_letter(signup: Signup) -> None:
    """Have a job write the letter: neither the page's answer nor its time tells who is a user already."""
    queue_job("deliver_signup", queue="delivery", signup_id=str(signup.pk), request_id=str(uuid4()))


def _enter(signup_id: UUID | None) -> Signup | None:
    """Show the rest of this request the sign-up, and the account that it becomes."""
    if signup_id is None:
        return None
    bind_account(signup_id)
    return find_signup(signup_id)


def _closed(request: HttpRequest, *, status: int) -> HttpResponse:
    context = {"vendor_email": settings.SEATLEDGER_VENDOR_EMAIL}
    return render(request, "portal/sign_up_closed.html", context, status=status)
