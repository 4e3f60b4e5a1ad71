"""What the sign-in library asks of us: our words, our users, and where it may lead people."""

from typing import ClassVar
from xml.etree import ElementTree as ET

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from qrcode import make as make_qr_code
from qrcode.image.svg import SvgPathFillImage

from seatledger.domain.moves.forwarding import find_region_of
from seatledger.domain.people.models import User
from seatledger.faces.portal.known_devices import remember_device
from seatledger.shared.sealing import Purpose, seal, unseal


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc] # the library ships no types
    """Sign-in by e-mail and password, of people whom an administrator has added."""

    error_messages: ClassVar[dict[str, object]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes and try again, or choose a new password.",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no: an administrator adds people."""
        del request
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether to lead someone to `url` after signing in: within this portal only."""
        secure = self.request.is_secure()
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=secure
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Return what wrong passwords are counted by: the address alone.

        The library adds the host, and the port that a browser sends along with it is anybody's choice.
        """
        del request
        return credentials.get("email", "").lower()

    def set_password(self, user: User, password: str) -> None:
        """Store a new password and nothing else: at the sign-in pages the database lets no more be changed."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        """Send somebody whose account goes on in another region there, by whatever way he signed in."""
        if region := find_region_of(user.account_id):
            return redirect("account_moved", region)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        """Note from which device somebody has signed in, beside what the library does."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def reauthenticate(self, user: User, password: str) -> bool:
        """Tell whether this is the user's password. Wrong ones count like those at sign-in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return bool(found == user and user.is_active)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where someone goes on who has changed the password."""
        del request
        return reverse("portal:profile")


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc] # as above
    """Authenticator apps, passkeys and recovery codes; their secrets are stored encrypted."""

    error_messages: ClassVar[dict[str, object]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Take the newest one and try again.",
    }

    def encrypt(self, text: str) -> str:
        """Return what is stored of a secret."""
        return seal(text, purpose=Purpose.SECOND_STEP)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return unseal(encrypted_text, purpose=Purpose.SECOND_STEP)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 -- the library's
        """Return the name a new passkey has unless its owner gives it another."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as SVG to stand in a page; the content policy lets no `data:` image in."""
        image = make_qr_code(url, image_factory=SvgPathFillImage, border=2)
        drawing = image.get_image()
        drawing.set("role", "img")
        drawing.set("aria-label", "QR code for your authenticator app")
        return ET.tostring(drawing, encoding="unicode")
