"""Ask the vendor for more licences. Nothing the account holds changes until the vendor changes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.events.models import ActorKind
from seatledger.domain.licences.limits import MOST_LICENCES, UnlikelyNumber
from seatledger.domain.licences.models import LicenceRequest
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_text

LONGEST_NOTE = 1000


class RequestAnswered(Refused):
    """Somebody answered the request before."""

    code = "request_answered"


@dataclass(frozen=True)
class LicencesRequested(Happening):
    request_id: UUID
    licence_type_id: UUID
    number: int


@transaction.atomic
def request_licences(
    *, account: Account, licence_type: LicenceType, number: int, note: str, at: datetime, by: Actor
) -> LicenceRequest:
    """Ask for `number` more licences of a type, with a note of one paragraph to the vendor.

    The vendor is told by e-mail and answers to whoever asked. Raises UnlikelyNumber and UnfitText.
    """
    if not 1 <= number <= MOST_LICENCES:
        raise UnlikelyNumber(f"Ask for 1 to {MOST_LICENCES:,} licences.")
    paragraph = clean_text(" ".join(note.split()), LONGEST_NOTE, what="The note")
    request = LicenceRequest.objects.create(
        account=lock_account(account),
        licence_type=licence_type,
        number=number,
        note=paragraph,
        asked_at=at,
        asked_by_id=by.id if by.kind == ActorKind.USER else None,
    )
    asked = LicencesRequested(request_id=request.pk, licence_type_id=licence_type.pk, number=number)
    record(asked, account=request.account, at=at, by=by)
    return request


@transaction.atomic
def answer_request(*, request: LicenceRequest, at: datetime, by: Actor) -> None:
    """Say that a request is answered, whichever way. Raises RequestAnswered."""
    del by  # what the answer is has an event of its own
    waiting = LicenceRequest.objects.filter(account=lock_account(request.account), pk=request.pk)
    if not waiting.filter(answered_at__isnull=True).update(answered_at=at):
        raise RequestAnswered("This request was answered already. Look at what was agreed.")


@transaction.atomic
def reopen_request(*, request: LicenceRequest, at: datetime, by: Actor) -> None:
    """Let a request wait again, because its answer was taken back."""
    del at, by  # the answer that was taken back has an event of its own
    LicenceRequest.objects.filter(account=request.account_id, pk=request.pk).update(answered_at=None)
