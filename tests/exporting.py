"""Setup for the tests of archives: make one as the job does, and open it as its reader does."""

import io
from zipfile import ZipFile

from seatledger.domain.accounts.models import Account
from seatledger.domain.exports.actions import ask_for_export
from seatledger.domain.exports.models import Export
from seatledger.domain.exports.queries import find_part, list_export_files
from seatledger.domain.exports.steps import packed
from seatledger.domain.exports.zipping import frame
from seatledger.faces.jobs.tasks import make_export
from seatledger.shared.boundary import unbind
from support import LATER, actor_of, administrator_of


def given_asked_export(account: Account) -> Export:
    ann = administrator_of(account)
    return ask_for_export(account=account, user=ann, at=LATER, by=actor_of(ann))


def given_ready_export(account: Account) -> Export:
    """Have an account's archive made, as its job makes it."""
    export = given_asked_export(account)
    make_export(export_id=str(export.pk), account_id=str(account.pk))
    unbind()
    export.refresh_from_db()
    return export


def bytes_of(export: Export) -> bytes:
    """Return the archive as it is sent."""
    files = list_export_files(export.account, export)

    def content_of(index: int) -> list[bytes]:
        parts, position = [], 0
        while (part := find_part(export.account, files[index], position)) is not None:
            parts.append(part)
            position += 1
        return parts

    return b"".join(frame([packed(file) for file in files], content_of))


def archive_of(export: Export) -> ZipFile:
    return ZipFile(io.BytesIO(bytes_of(export)))
