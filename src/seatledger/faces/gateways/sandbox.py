"""The sandbox's pages: where a customer enters a test number, and where his bank asks him about a charge.

They stand for the pages of a real gateway, so they know nothing of accounts and of who is signed in.
"""

from typing import Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seatledger.domain.payments.gateways.interface import Outcome
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge, SandboxSetup
from seatledger.domain.payments.gateways.sandbox.numbers import NUMBERS, find_number
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from seatledger.faces.gateways.access import public

_WHY_OPEN: Final = "The reference in the address is a secret of whoever was sent here."
_NO_TEST_NUMBER: Final = (
    "This is no test number, so it was not read. Use one of those below: the sandbox charges nobody."
)


class NeverShownAgain(forms.TextInput):
    """A field that is empty whenever the page is shown, whatever was typed into it."""

    def format_value(self, value: object) -> str | None:
        del value
        return None


class NumberForm(forms.Form):
    """A test number; what was typed is never shown again."""

    number = forms.CharField(
        max_length=64,
        widget=NeverShownAgain(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, kind: MethodKind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # they are a form's own
        self.kind = kind
        self.fields["number"].label = "Card number" if kind == MethodKind.CARD else "IBAN"
        self.fields["number"].widget.attrs["inputmode"] = "numeric" if kind == MethodKind.CARD else "text"
        if kind == MethodKind.CARD:
            self.fields["expires"] = _expiry_field()

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        if find_number(typed, self.kind) is None:
            raise forms.ValidationError(_NO_TEST_NUMBER)
        return typed


def _expiry_field() -> forms.Field:
    return forms.RegexField(
        r"^(0[1-9]|1[0-2]) ?/ ?\d{2}$",
        label="Expires",
        help_text="Month and year, such as 12 / 34.",
        max_length=7,
        initial="12 / 34",
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 7}),
        error_messages={"invalid": "Write month and year such as 12 / 34."},
    )


@public(_WHY_OPEN)
@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
def enter_number(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a number, keep it as a method of the sandbox's customer, and send him back where he came from."""
    _require_sandbox()
    setup = SandboxSetup.objects.filter(reference=reference).first()
    if setup is None:
        raise Http404
    kind = MethodKind(setup.kind)
    if setup.outcome != Outcome.PENDING:
        return redirect(_way_back(setup.return_url))
    if request.method == "POST" and "cancel" in request.POST:
        world.abandon_setup(setup)
        return redirect(_way_back(setup.return_url))
    form = NumberForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid() and _is_good(form):
        number = find_number(form.cleaned_data["number"], kind)
        assert number is not None
        world.enter_number(setup, number, _expiry_of(form))
        return redirect(_way_back(setup.return_url))
    numbers = [number for number in NUMBERS if number.kind == kind]
    context = {"form": form, "numbers": numbers, "is_card": kind == MethodKind.CARD}
    return render(request, "gateways/sandbox_setup.html", context, status=422 if form.is_bound else 200)


@public(_WHY_OPEN)
@never_cache
@require_http_methods(["GET", "POST"])
def answer_bank(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, as the customer's bank, whether he confirms a charge, and send him back where he came from."""
    _require_sandbox()
    charge = SandboxCharge.objects.filter(reference=reference).first()
    if charge is None:
        raise Http404
    if charge.outcome != Outcome.NEEDS_CUSTOMER:
        return redirect(_way_back(charge.return_url))
    if request.method == "POST":
        world.answer_bank(charge, confirms=request.POST.get("answer") == "confirm")
        return redirect(_way_back(charge.return_url))
    amount = Money(charge.amount_minor, charge.currency)
    context = {"charge": charge, "amount": amount}
    return render(request, "gateways/sandbox_charge.html", context)


def _require_sandbox() -> None:
    if settings.SEATLEDGER_GATEWAY != "sandbox":
        raise Http404


def _way_back(return_url: str) -> str:
    """Return where the customer came from, as a path where it is ours: a browser may know us by another name."""
    path = return_url.removeprefix(settings.SEATLEDGER_ADDRESS)
    return path or "/"


def _expiry_of(form: NumberForm) -> tuple[int, int] | None:
    written = form.cleaned_data.get("expires")
    if not written:
        return None
    month, _, year = written.partition("/")
    return (2000 + int(year), int(month))


def _is_good(form: NumberForm) -> bool:
    """Say whether a card has not expired; otherwise the form says so."""
    expires, today = _expiry_of(form), timezone.now()
    if expires and expires < (today.year, today.month):
        form.add_error("expires", "This date has passed. Write one to come, such as 12 / 34.")
        return False
    return True
