"""Setup for the tests of signing in: someone with a password, and a browser that types it."""

from urllib.parse import urlencode

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from conftest import Visitor
from seatledger.domain.people.models import User
from support import given_account, given_user

PASSWORD = "correct-horse-battery"  # noqa: S105 -- a test says what is typed
NEW_PASSWORD = "staple-orbit-lantern"  # noqa: S105 -- the same


def given_person(name: str = "Ben Okoro", account_name: str = "Northwind", **rest: bool) -> User:
    """Add a user with the password of this file."""
    user = given_user(given_account(account_name), name, **rest)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD, **query: str):
    address = reverse("account_login") + (f"?{urlencode(query)}" if query else "")
    return visitor.post(address, {"login": email, "password": password, **query})


def page_of(answer) -> str:
    return answer.content.decode()


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get(reverse("portal:profile")).status_code == 200


def link_of(user: User) -> str:
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user.pk.hex, "key": key})


def choose_password(visitor: Visitor, link: str, password: str = NEW_PASSWORD):
    form = visitor.get(link, follow=True)
    if "Choose a password" not in page_of(form):
        return form
    return visitor.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
