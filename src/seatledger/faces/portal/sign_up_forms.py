"""What somebody says who opens an account, and what is guessed of where he is."""

from collections.abc import Sequence
from typing import Final, cast

from allauth.account.fields import PasswordField
from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_territory_currencies
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation.trans_real import parse_accept_lang_header

from seatledger.domain.signups.actions import NewSignup
from seatledger.domain.signups.offers import Offer
from seatledger.faces.portal.settings import LOCALES, locale_name

# Where most people of a country are. Anybody can choose another.
_CITIES: Final = {
    "AT": "Europe/Vienna", "AU": "Australia/Sydney", "BE": "Europe/Brussels", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CH": "Europe/Zurich", "CZ": "Europe/Prague", "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris",
    "GB": "Europe/London", "IE": "Europe/Dublin", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "SE": "Europe/Stockholm",
    "US": "America/New_York",
}  # fmt: skip
_FIELD_OF: Final = {
    "weak_password": "password",
    "unfit_email": "email",
    "unknown_time_zone": "time_zone",
    "unknown_locale": "locale",
    "not_on_offer": "currency",
}


class SignUpForm(forms.Form):
    """Who opens an account, for whom, and how it counts its days and its money."""

    organisation = forms.CharField(
        max_length=200,
        label="Organisation",
        widget=forms.TextInput({"autocomplete": "organization", "autofocus": True}),
    )
    first_name = forms.CharField(
        max_length=100, label="First name", widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        max_length=100, label="Last name", widget=forms.TextInput({"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        max_length=254,
        label="Email address",
        help_text="You sign in with it. We send a link to it, which opens the account.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    password = PasswordField(
        label="Password",
        autocomplete="new-password",
        help_text="At least 12 characters, unlike your name and address, and not a common one.",
    )
    plan = forms.ChoiceField(label="What you try", widget=forms.RadioSelect)
    locale = forms.ChoiceField(
        label="Language and country",
        help_text="How days and amounts are written, and the language of e-mails.",
    )
    currency = forms.ChoiceField(label="Currency", help_text="In which you would pay. It stays.")
    time_zone = forms.CharField(
        max_length=64,
        label="Time zone",
        help_text="Type a city. The account's days begin at midnight there.",
        widget=forms.TextInput({"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None, *, offers: Sequence[Offer], locale: str) -> None:
        currencies = sorted({currency for offer in offers for currency in offer.intervals})
        super().__init__(data, initial=_guess(locale, currencies) | {"plan": offers[0].key})
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self._offer("locale", sorted(((tag, locale_name(tag)) for tag in LOCALES), key=lambda one: one[1]))
        self._offer(
            "currency", [(code, f"{get_currency_name(code, locale='en')} ({code})") for code in currencies]
        )
        self._offer("plan", [(offer.key, words_of(offer)) for offer in offers])
        if len(offers) == 1:
            self.fields["plan"].widget = forms.HiddenInput()

    def _offer(self, field: str, choices: Sequence[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[field]).choices = choices

    def new_signup(self) -> NewSignup:
        return NewSignup(**self.cleaned_data)

    def refuse(self, code: str, words: str) -> None:
        """Show a refusal beside the field that it is about."""
        self.add_error(_FIELD_OF.get(code, "organisation" if code == "unfit_text" else None), words)


class ConfirmForm(forms.Form):
    """Who follows the link shows that he chose the password."""

    password = PasswordField(label="The password you chose", autocomplete="current-password")

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs["autofocus"] = True


def words_of(offer: Offer) -> str:
    """Return what a trial is, in a line: `Remote Support: 30 days with 50 Managed Agent, 5 On-demand`."""
    return f"{offer.version.plan.name}: {offer.days} days with {', '.join(offer.licences)}"


def locale_of(request: HttpRequest) -> str:
    """Return the first language and country of the browser's that is offered; British English otherwise."""
    offered = {tag.lower(): tag for tag in LOCALES}
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for full in (tag, _likely(tag)):
            if full.lower() in offered:
                return offered[full.lower()]
    return "en-GB"


def _likely(language: str) -> str:
    """Return a language with the country where most speak it: `de` is de-DE."""
    try:
        found = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
    return f"{found.language}-{'GB' if found.language == 'en' else found.territory or found.language.upper()}"


def _guess(locale: str, currencies: Sequence[str]) -> dict[str, str]:
    territory = locale.partition("-")[2]
    spent = [code for code in get_territory_currencies(territory) if code in currencies]
    return {
        "locale": locale,
        "currency": (spent or [code for code in ("EUR", *currencies) if code in currencies])[0],
        "time_zone": _CITIES.get(territory, "UTC"),
    }
