"""How someone who signs in is found, and how a session's user is found again on each request."""

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from seatledger.domain.people.models import User


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc] # the library ships no types
    """Sign-in by e-mail and password; the user of a session comes with his account, in one query.

    A user deactivated or deleted in the meantime is not found, so his sessions end with the next request.
    """

    def authenticate(
        self, request: HttpRequest | None, *, email: str = "", password: str = "", **_: object
    ) -> User | None:
        """Return the active user with this address and password.

        A deactivated one is set aside for the library, which shows him why; a deleted one is nobody.
        """
        del request
        user = User.objects.find_by_email(email) if email and password else None
        if user is None:
            User().set_password(password)  # as long as checking takes, so that time does not tell who exists
            return None
        if not user.check_password(password):
            return None
        if not user.is_active:
            self._stash_user(user)
            return None
        return user

    def get_user(self, user_id: object) -> User | None:
        users = User.objects.select_related("account").filter(deleted_at__isnull=True, is_active=True)
        return users.filter(pk=str(user_id)).first()
