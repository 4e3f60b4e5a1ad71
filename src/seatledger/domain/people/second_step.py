"""What the sign-in library stores sealed of the second step: an app's secret, or what recovery codes are made of."""

from allauth.mfa.models import Authenticator

from seatledger.shared.sealing import Purpose, renew_seal

_SEALED = ("secret", "seed")


def renew_seals(authenticator: Authenticator) -> None:
    """Seal anew what is sealed of one authenticator; a passkey holds nothing secret."""
    sealed = {name: text for name, text in authenticator.data.items() if name in _SEALED}
    renewed = {name: renew_seal(text, purpose=Purpose.SECOND_STEP) for name, text in sealed.items()}
    authenticator.data = {**authenticator.data, **renewed}
