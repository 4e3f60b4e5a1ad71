"""What surrounds every page of the portal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.queries import get_account_standing, today_of
from seatledger.domain.licences.queries.pools import find_last_trial_day
from seatledger.domain.payments.queries.dunning import list_references_asked_for
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact
from seatledger.domain.subscriptions.queries import is_trial_bought
from seatledger.engine.access import Basis, Kind, Standing
from seatledger.faces.portal.looks import PageLook, look_of, look_of_door
from seatledger.faces.portal.menu import menu_of
from seatledger.faces.ui import formats
from seatledger.faces.ui.menu import Banner, MenuItem, Shell
from seatledger.faces.ui.viewing import Viewing, viewing_of

SIGN_UP_PAGES: Final = frozenset({"account_signup", "signup_asked", "signup_confirm"})


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give templates the shell: whose portal this is, the menu, and who is signed in."""
    account = getattr(request, "account", None)
    if account is None:
        return {"shell": _door_shell(request)}
    if looking := viewing_of(request):
        return {"shell": _shell_of_view(account, looking)}
    user, look = request.user, look_of(account)
    return {
        "shell": Shell(
            brand=look.brand,
            logo_url=look.logo_url,
            style_url=look.style_url,
            home_url="/",
            menu=menu_of(account),
            account_name=account.name,
            user_name=getattr(user, "full_name", ""),
            user_email=getattr(user, "email", ""),
            user_links=(
                MenuItem("Your profile", "portal:profile", "user-round", url=reverse("portal:profile")),
            ),
            sign_out_url=reverse("account_logout"),
            help_url=reverse("portal:help_licensing"),
            banner=banner_of(account, getattr(request, "permissions", frozenset()), at=timezone.now()),
        )
    }


def _door_shell(request: HttpRequest) -> Shell:
    # Who signs up becomes the vendor's customer, by whichever address the browser came before.
    place = request.resolver_match
    is_signing_up = place is not None and place.url_name in SIGN_UP_PAGES
    look = PageLook() if is_signing_up else look_of_door(request)
    return Shell(
        brand=look.brand,
        logo_url=look.logo_url,
        style_url=look.style_url,
        is_providers=look.is_providers,
        home_url="/",
    )


def _shell_of_view(account: Account, looking: Viewing) -> Shell:
    """Return the shell for the vendor's staff who look at the portal as this account's people see it."""
    until = formats.instant_text(
        looking.until, zone=formats.zone_named("UTC"), locale=formats.reader_locale()
    )
    return Shell(
        brand="Seatledger",
        home_url=reverse("portal:overview"),
        menu=menu_of(account),
        account_name=account.name,
        help_url=reverse("portal:help_licensing"),
        banner=Banner(
            text=f"You are viewing {account.name} as its administrators see it, until {until} UTC. Nothing can be changed.",
            action_label="Back to the console",
            action_url=looking.back_url,
            icon="eye",
        ),
        face="console",
    )


def banner_of(account: Account, permissions: frozenset[str], *, at: datetime) -> Banner | None:
    """Return what stands above every page: that the account has to pay, how long its trial lasts, or that it is over."""
    if references := list_references_asked_for(account):
        return _unpaid(account, references, permissions)
    if account.is_provider:
        return None
    standing = get_account_standing(account, at)
    if standing.basis == Basis.PAID:
        return _of_licences(standing, permissions)
    said = _of_trial(account, standing, at)
    if not said:
        return None
    may_buy = Permission.BILLING_MANAGE in permissions
    return Banner(
        text=said,
        action_label="Buy now" if may_buy else "",
        action_url=reverse("portal:ask_for_more") if may_buy else "",
        icon="flask-conical",
    )


def _of_trial(account: Account, standing: Standing, at: datetime) -> str:
    """Return how long a trial lasts, until when access goes on after it, or that it is over."""
    today = today_of(account, at)
    if standing.ended_on and standing.access_until:
        return (
            f"Your trial ended with {_long(standing.ended_on)}; access goes on until the end of "
            f"{_long(standing.access_until)}: {_left((standing.access_until - today).days)}."
        )
    if standing.kind == Kind.TRIAL and not is_trial_bought(account):
        return f"You are using a trial account.{_days_left(find_last_trial_day(account), today)}"
    if standing.ended_on:
        return f"The trial of this account ended with {_long(standing.ended_on)}. Everything in it is kept."
    return ""


def _of_licences(standing: Standing, permissions: frozenset[str]) -> Banner | None:
    """Return that all licences have ended, and until when access goes on, if so."""
    if standing.ended_on is None:
        return None
    if standing.access_until:
        said = f"Your licences ended on {_long(standing.ended_on)}; access goes on until the end of {_long(standing.access_until)}."
    else:
        said = (
            f"The licences of this account ended with {_long(standing.ended_on)}. Everything in it is kept."
        )
    if Permission.BILLING_VIEW in permissions:
        return Banner(said, "Open Billing", reverse("portal:billing"), icon="calendar-x")
    return Banner(said, icon="calendar-x")


def _days_left(last_day: date | None, today: date) -> str:
    """Return when a trial ends, and how many days that is from now."""
    if last_day is None:
        return ""
    return f" It ends with {_long(last_day)}: {_left((last_day - today).days)}."


def _left(days: int) -> str:
    return {0: "today is its last day", 1: "1 day is left"}.get(days, f"{days} days are left")


def _long(day: date) -> str:
    return formats.day_text(day, locale=formats.reader_locale(), style="long")


def _unpaid(account: Account, invoices: Sequence[str], permissions: frozenset[str]) -> Banner:
    """Return that something could not be charged: who may pay is shown the way, everybody else whom to ask."""
    what = invoices[0] if len(invoices) == 1 else f"{len(invoices)} invoices"
    said = f"{what} {'is' if len(invoices) == 1 else 'are'} not paid"
    said = f"This account is expired, because {said}." if account.lapsed_at else f"{said}."
    if Permission.BILLING_MANAGE in permissions:
        return Banner(said, "Pay now", reverse("portal:invoices"), icon="triangle-alert")
    contact = find_main_contact(account)
    whom = contact.full_name if contact and contact.is_active else "an administrator"
    return Banner(f"{said} Please ask {whom} to pay.", icon="triangle-alert")
