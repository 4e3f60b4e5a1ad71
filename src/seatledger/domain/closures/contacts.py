"""Who is told of the end of an account (B10): main contact, billing users, administrators, and who asked for it."""

from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.models import Closure, ClosureContact
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact, list_users_who_may


def keep_contacts(closure: Closure, account: Account) -> list[ClosureContact]:
    """Write down everybody concerned, as far as they are not yet, and return them all."""
    ClosureContact.objects.bulk_create(
        [
            ClosureContact(account=account, closure=closure, email=user.email, name=user.full_name)
            for user in people_concerned(account, closure.requested_by_id)
        ],
        ignore_conflicts=True,
    )
    return list(ClosureContact.objects.filter(closure=closure).order_by("email"))


def people_concerned(account: Account, requested_by_id: UUID | None) -> list[User]:
    """Return the active users who are told, each once, sorted by address."""
    found = {user.pk: user for user in list_users_who_may(account, Permission.BILLING_MANAGE)}
    contact = find_main_contact(account)
    if contact is not None:
        found[contact.pk] = contact
    if requested_by_id is not None:
        requester = User.objects.filter(account=account, pk=requested_by_id, is_active=True)
        found |= {user.pk: user for user in requester}
    return sorted(found.values(), key=lambda user: user.email)
