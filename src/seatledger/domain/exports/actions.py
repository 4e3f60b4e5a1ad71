"""Ask for an archive, make it step by step, have it downloaded, and let it go."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, queue_job, record
from seatledger.domain.exports.happenings import ExportAsked, ExportDownloaded, ExportReady
from seatledger.domain.exports.models import Export
from seatledger.domain.exports.steps import do_next
from seatledger.domain.notifications.actions import store
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.notifications.telling import Told
from seatledger.domain.people.models import User
from seatledger.engine.days import day_of

KEPT_FOR: Final = timedelta(days=7)
JOB: Final = "make_export"
QUEUE: Final = "exports"


@transaction.atomic
def ask_for_export(*, account: Account, user: User, at: datetime, by: Actor) -> Export:
    """Have an archive of everything made; while one is being made, that one is returned."""
    account = lock_account(account)
    running = Export.objects.filter(account=account, ready_at__isnull=True).first()
    if running is not None:
        return running
    export = Export.objects.create(account=account, asked_at=at, asked_by=user)
    record(ExportAsked(export_id=export.pk), account=account, at=at, by=by)
    queue_job(JOB, queue=QUEUE, export_id=str(export.pk), account_id=str(account.pk))
    return export


@transaction.atomic
def take_step(*, export_id: UUID, at: datetime, by: Actor) -> bool:
    """Take the next step of an archive; returns whether there are more.

    The row is held meanwhile: another job for it finds it held, and leaves it alone. When the last step is done, whoever
    asked is told, and the archives before it go. That of an account that was closed meanwhile is not made.
    """
    free = Export.objects.select_for_update(skip_locked=True, of=("self",)).filter(ready_at__isnull=True)
    export = free.select_related("account").filter(pk=export_id).first()
    if export is None:
        return False
    if export.account.closed_at is not None:
        export.delete()
        return False
    has_more = do_next(export, export.account, at=at, by=by)
    export.save()
    if not has_more:
        Export.objects.filter(account=export.account, ready_at__isnull=False).exclude(pk=export.pk).delete()
        ready = ExportReady(export_id=export.pk, size_bytes=export.size_bytes or 0)
        record(ready, account=export.account, at=at, by=by)
        _tell(export, at=at)
    return has_more


@transaction.atomic
def note_download(*, export: Export, at: datetime, by: Actor) -> None:
    """Note that somebody downloads an archive."""
    record(ExportDownloaded(export_id=export.pk), account=export.account, at=at, by=by)


@transaction.atomic
def forget_exports(*, at: datetime, by: Actor) -> int:
    """Let archives go that have been ready for a week; returns how many."""
    del by
    old = Export.objects.filter(Q(ready_at__lt=at - KEPT_FOR))
    return sum(int(export.delete()[0] > 0) for export in old)


def _tell(export: Export, *, at: datetime) -> None:
    reader = export.asked_by
    if reader is None or not reader.is_active:
        return
    until = day_of(at + KEPT_FOR, ZoneInfo(export.account.time_zone))
    about = {"until": until.isoformat(), "export_id": str(export.pk)}
    told = Told(MessageKind.EXPORT_READY, reader.email, reader, about)
    store([told], account_id=export.account_id, cause=f"export:{export.pk}", at=at)
