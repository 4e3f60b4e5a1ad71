"""Sign up: ask, prove the address, and have an account; or be forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from seatledger.domain.accounts.actions import LONGEST_NAME, check_locale, check_time_zone
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.licences.actions import NewAccount, NewUser
from seatledger.domain.people.actions import clean_user_details
from seatledger.domain.people.models import User
from seatledger.domain.signups.models import Signup
from seatledger.domain.signups.offers import Offer, list_offers
from seatledger.domain.signups.refusals import (
    NotOnOffer,
    NotTheirPassword,
    SignupClosed,
    SignupOver,
    WeakPassword,
)
from seatledger.domain.subscriptions.actions import NewSubscription, open_subscribed_account
from seatledger.engine.days import day_of
from seatledger.shared.text import clean_name

FORGOTTEN_AFTER: Final = timedelta(days=3)


@dataclass(frozen=True)
class SignedUp(Happening):
    """The account was opened by its own first administrator, who proved the address."""

    user_id: UUID
    plan: str


@dataclass(frozen=True)
class NewSignup:
    """What the page asks for. The password is as it was typed, and is kept hashed alone."""

    organisation: str
    first_name: str
    last_name: str
    email: str
    password: str
    plan: str
    currency: str
    time_zone: str
    locale: str


def check_signup(*, new: NewSignup, at: datetime) -> tuple[dict[str, str], Offer]:
    """Return what would be kept of a sign-up, and what it is for: whatever it would be refused for is refused.

    Nothing is kept, hashed or sent. Raises SignupClosed, NotOnOffer, UnfitText, UnfitEmail, UnknownTimeZone, UnknownLocale
    and WeakPassword.
    """
    organisation = clean_name(new.organisation, LONGEST_NAME, what="The name of the organisation")
    person = clean_user_details(
        {"first_name": new.first_name, "last_name": new.last_name, "email": new.email}
    )
    check_time_zone(new.time_zone)
    check_locale(new.locale)
    offer = _offer_of(new.plan, new.currency, zone=new.time_zone, at=at)
    _check_password(new.password, User(**person))
    return {"organisation": organisation, **person}, offer


@transaction.atomic
def ask_to_sign_up(*, signup_id: UUID, new: NewSignup, at: datetime, by: Actor) -> Signup:
    """Keep what somebody wants to open, until the link that is sent to the address proves it.

    Whether the address is a user's already is not looked at here, so that neither answer nor time tells. Raises what
    `check_signup` raises.
    """
    del by
    kept, offer = check_signup(new=new, at=at)
    return Signup.objects.create(
        id=signup_id,
        password=make_password(new.password),
        plan=offer.version.plan,
        currency=new.currency,
        time_zone=new.time_zone,
        locale=new.locale,
        asked_at=at,
        **kept,
    )


@transaction.atomic
def ask_for_letter_again(*, signup_id: UUID, at: datetime, by: Actor) -> Signup:
    """Note that the link is asked for once more. Raises SignupOver where nothing waits for it any more."""
    del by
    signup = _held(signup_id)
    signup.asked_at = at
    signup.save(update_fields=["asked_at"])
    return signup


@transaction.atomic
def open_signed_up_account(
    *, signup_id: UUID, password: str, at: datetime, by: Actor
) -> tuple[Account, User]:
    """Open the account that was asked for, on trial, with who asked as its administrator and main contact.

    Of two at once the second waits for the row, and finds it gone. The password is asked for again, because the link
    proves who reads the mail, not who chose the password. Raises SignupClosed, SignupOver, NotTheirPassword, NotOnOffer,
    and what opening an account raises: EmailTaken among it.
    """
    signup = _held(signup_id)
    if not check_password(password, signup.password):
        raise NotTheirPassword("This is not the password that was chosen. Type it again, or sign up anew.")
    offer = _offer_of(signup.plan.key, signup.currency, zone=signup.time_zone, at=at)
    account, user = open_subscribed_account(
        new=NewAccount(
            id=signup.pk,
            name=signup.organisation,
            region=settings.SEATLEDGER_REGION,
            currency=signup.currency,
            time_zone=signup.time_zone,
            locale=signup.locale,
        ),
        administrator=NewUser(signup.first_name, signup.last_name, signup.email, invite=False),
        subscription=NewSubscription(
            version=offer.version, interval=offer.intervals[signup.currency], trial=True
        ),
        at=at,
        by=by,
    )
    user.password = signup.password
    user.save(update_fields=["password"])
    record(SignedUp(user_id=user.pk, plan=offer.key), account=account, at=at, by=Actor.user(user.pk))
    signup.delete()
    return account, user


@transaction.atomic
def forget_signups(*, at: datetime, by: Actor) -> int:
    """Forget who did not follow the link for three days; returns how many."""
    del by
    return Signup.objects.filter(asked_at__lt=at - FORGOTTEN_AFTER).delete()[0]


def _held(signup_id: UUID) -> Signup:
    """Return the sign-up, held until the transaction ends."""
    try:
        return Signup.objects.select_for_update(of=("self",)).select_related("plan").get(pk=signup_id)
    except Signup.DoesNotExist:
        raise SignupOver("This link was used already, or it is too old. Sign in, or sign up anew.") from None


def _offer_of(plan: str, currency: str, *, zone: str, at: datetime) -> Offer:
    offers = list_offers(day_of(at, ZoneInfo(zone)))
    if not offers:
        raise SignupClosed(
            f"Accounts are not opened here by signing up. Write to {settings.SEATLEDGER_VENDOR_EMAIL}."
        )
    offer = next((one for one in offers if one.key == plan), None)
    if offer is None:
        raise NotOnOffer("This plan cannot be tried any more. Choose one that the page shows.")
    if currency not in offer.intervals:
        raise NotOnOffer(
            f"{offer.version.plan.name} is not sold in {currency}. Choose one of these: {', '.join(offer.intervals)}."
        )
    return offer


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as found:
        raise WeakPassword(" ".join(found.messages)) from None
