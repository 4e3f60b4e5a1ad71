"""How a session's user is found again on each request."""

from allauth.account.auth_backends import AuthenticationBackend

from seatledger.domain.people.models import User


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc] # the library ships no types
    """Sign-in as the library does it; the user of a session comes with his account, in one query.

    A user deactivated or deleted in the meantime is not found, so his sessions end with the next request.
    """

    def get_user(self, user_id: object) -> User | None:
        users = User.objects.select_related("account").filter(deleted_at__isnull=True, is_active=True)
        return users.filter(pk=str(user_id)).first()
