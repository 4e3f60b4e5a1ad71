"""Account > Settings: what the account is called, where its days begin and how its figures are written."""

from functools import cache
from typing import cast

from babel import Locale
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.accounts.actions import change_account_settings
from seatledger.domain.accounts.models import Account
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.queries import list_domains
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.email_domains import DomainForm
from seatledger.shared.errors import Refused
from seatledger.shared.zones import zone_names

# Offered for choosing; an account may have been opened with any other that there is.
LOCALES = (
    "en-GB", "en-US", "en-IE", "en-AU", "en-CA", "cs-CZ", "da-DK", "de-AT", "de-CH", "de-DE", "es-ES", "fi-FI",
    "fr-BE", "fr-CH", "fr-FR", "it-IT", "ja-JP", "nb-NO", "nl-BE", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "sv-SE",
)  # fmt: skip
# The field that a refusal is about; any other is about the name.
FIELD_OF = {"unknown_time_zone": "time_zone", "unknown_locale": "locale"}


class SettingsForm(forms.Form):
    """The account's settings. A time zone is typed, with every name there is offered."""

    name = forms.CharField(max_length=200, label="Account name")
    time_zone = forms.CharField(
        max_length=64,
        label="Time zone",
        help_text="Type a city. The account's days begin and its licences expire at midnight there.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    locale = forms.ChoiceField(
        label="Language and country",
        help_text="How days, numbers and amounts are written; the words are English.",
    )

    def __init__(self, data: QueryDict | None = None, *, account: Account) -> None:
        kept = {"name": account.name, "time_zone": account.time_zone, "locale": account.locale}
        super().__init__(data, initial=kept)
        tags = dict.fromkeys([account.locale, *LOCALES])
        choices = sorted(((tag, locale_name(tag)) for tag in tags), key=lambda choice: choice[1])
        cast("forms.ChoiceField", self.fields["locale"]).choices = choices


@private(None)
@require_http_methods(["GET", "POST"])
def show_settings(request: PortalRequest) -> HttpResponse:
    """Show the settings to everyone, and change them for those who may."""
    if request.method == "GET":
        return _show(request, SettingsForm(account=request.account))
    if Permission.SETTINGS_MANAGE not in request.permissions:
        raise PermissionDenied("You may see the settings, not change them. Ask an administrator.")
    form = SettingsForm(request.POST, account=request.account)
    if form.is_valid():
        try:
            change_account_settings(
                account=request.account, **form.cleaned_data, at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code, "name"), str(refusal))
        else:
            messages.success(request, "The settings are saved.")
            return redirect("portal:settings")
    return _show(request, form, status=422)


def _show(request: PortalRequest, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "time_zones": time_zone_names(),
        "locale_name": locale_name(request.account.locale),
        "may_change": Permission.SETTINGS_MANAGE in request.permissions,
        "domains": list_domains(request.account),
        "domain_form": DomainForm(),
    }
    return render(request, "portal/settings.html", context, status=status)


@cache
def time_zone_names() -> tuple[str, ...]:
    """Return the names that cities have in the IANA database, and UTC, in order."""
    return (
        "UTC",
        *sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/")),
    )


@cache
def locale_name(tag: str) -> str:
    """Return what English calls a language and country: `en-GB` is “English (United Kingdom)”."""
    return Locale.parse(tag, sep="-").get_display_name("en") or tag
