"""One row in every table of messages and archives, and of the devices people sign in from, for tests of the walls."""

from seatledger.domain.accounts.models import Account
from seatledger.domain.exports.models import Export, ExportFile, ExportPart
from seatledger.domain.licences.models import Pool
from seatledger.domain.notifications.models import KeptLetter, Message, MessageChoice, MessageKind, PoolMark
from seatledger.domain.people.models import KnownDevice, User
from support import AT


def given_rows_of_messages(account: Account, user: User, pool: Pool) -> None:
    """Give an account a row in every table of the room, and a known device."""
    message = Message.objects.create(
        account=account,
        kind=MessageKind.WELCOME,
        cause=f"event:1:{account.pk}",
        recipient=user.email,
        queued_at=AT,
    )
    KeptLetter.objects.create(account=account, message=message, subject="Hello", text="", html="")
    MessageChoice.objects.create(account=account, user=user)
    KnownDevice.objects.create(
        account=account, user=user, key_hash="", label="", first_seen_at=AT, last_seen_at=AT
    )
    PoolMark.objects.create(account=account, pool=pool)
    export = Export.objects.create(account=account, asked_at=AT, asked_by=user)
    file = ExportFile.objects.create(
        account=account, export=export, position=0, name="README.txt", made_at=AT
    )
    ExportPart.objects.create(account=account, file=file, position=0, content=b"")
