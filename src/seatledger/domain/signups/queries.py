"""Questions about sign-ups."""

from uuid import UUID

from seatledger.domain.signups.models import Signup


def find_signup(signup_id: UUID) -> Signup | None:
    """Return a sign-up that waits to be confirmed. The web has to be bound to its id."""
    return Signup.objects.select_related("plan").filter(pk=signup_id).first()
