"""The forms of the sign-in pages, where they differ from the library's."""

from typing import ClassVar
from uuid import UUID, uuid4

from allauth.account import forms as library
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from seatledger.domain.moves.forwarding import find_forwarding
from seatledger.domain.people.models import User
from seatledger.faces.portal.regions import words_for_who_moved


class OurWords:
    """A form of the library with our labels, and without placeholders and help that only repeat them."""

    labels: ClassVar[dict[str, str]] = {}
    focus: ClassVar[str] = ""
    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            match field.widget.attrs.get("autocomplete"):
                case "current-password":
                    field.help_text = ""
                case "new-password" if field.help_text:
                    field.help_text = (
                        "At least 12 characters, unlike your name and address, and not a common one."
                    )
            if name == self.focus:
                field.widget.attrs["autofocus"] = True


class SignInForm(OurWords, library.LoginForm):  # type: ignore[misc] # the library ships no types
    labels: ClassVar = {"login": "Email address"}
    focus = "login"

    def clean(self) -> dict[str, object]:
        """Tell who is not found here, because his account moved to another region, where that is."""
        try:
            cleaned: dict[str, object] = super().clean()
        except forms.ValidationError:
            region = find_forwarding(str(self.cleaned_data.get("login", "")), at=timezone.now())
            if region is None:
                raise
            raise forms.ValidationError(words_for_who_moved(region), code="account_moved") from None
        return cleaned


class ForgottenPasswordForm(OurWords, library.ResetPasswordForm):  # type: ignore[misc] # as above
    """Asks for an address and looks nobody up: a job does, so neither answer nor time tells who exists."""

    labels: ClassVar = {"email": "Email address"}
    focus = "email"

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, request: HttpRequest, **_: object) -> str:
        del request
        email: str = self.cleaned_data["email"]
        job = jobs.configure_task("deliver_password_reset", queue="delivery")
        job.defer(email=email, request_id=str(uuid4()))
        return email


class LinkForm(library.UserTokenForm):  # type: ignore[misc] # as above
    """Checks a link with which to choose a password: it is an active user's, unused and not too old."""

    def _get_user(self, uidb36: str) -> User | None:
        try:
            user_id = UUID(uidb36)
        except ValueError:
            return None
        return User.objects.filter(pk=user_id, is_active=True, deleted_at__isnull=True).first()


class ChoosePasswordForm(OurWords, library.ResetPasswordKeyForm):  # type: ignore[misc] # as above
    labels: ClassVar = {"password1": "New password", "password2": "New password, once more"}
    focus = "password1"


class ChangePasswordForm(OurWords, library.ChangePasswordForm):  # type: ignore[misc] # as above
    labels: ClassVar = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, once more",
    }


class ConfirmPasswordForm(OurWords, library.ReauthenticateForm):  # type: ignore[misc] # as above
    focus = "password"


class CodeForm(OurWords, second_step.AuthenticateForm):  # type: ignore[misc] # as above
    focus = "code"


class ConfirmCodeForm(OurWords, second_step.ReauthenticateForm):  # type: ignore[misc] # as above
    focus = "code"


class FirstCodeForm(OurWords, ActivateTOTPForm):  # type: ignore[misc] # as above
    labels: ClassVar = {"code": "Code from the app"}


class NewPasskeyForm(OurWords, passkeys.AddWebAuthnForm):  # type: ignore[misc] # as above
    labels: ClassVar = {"name": "Name", "passwordless": "Sign in with this passkey alone"}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields[
            "passwordless"
        ].help_text = "No password, no second step. Without this it is a second step after your password."
