"""Settings > Export: everything the account has in one archive, made by a job and downloaded by administrators alone.

The archive is sent after the request's transaction has ended, so each part is read in a short transaction of its own, bound
to the same account, as the licence history is.
"""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from seatledger.domain.accounts.models import Account
from seatledger.domain.exports.actions import KEPT_FOR, ask_for_export, note_download
from seatledger.domain.exports.models import ExportFile
from seatledger.domain.exports.queries import (
    find_newest_export,
    find_part,
    get_ready_export,
    list_export_files,
)
from seatledger.domain.exports.steps import packed
from seatledger.domain.exports.zipping import frame
from seatledger.domain.licences.queries import today_of
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui.viewing import viewing_of
from seatledger.shared.boundary import bind_account


@private(Permission.DATA_EXPORT)
@require_http_methods(["GET", "POST"])
def show_export(request: PortalRequest) -> HttpResponse:
    """Show the archive: how far it is, or where it is downloaded. POST asks for a new one."""
    _refuse_viewers(request)
    if request.method == "POST":
        ask_for_export(account=request.account, user=request.user, at=timezone.now(), by=request.actor)
        messages.success(request, "The archive is being made. We write to you when it is ready.")
        return redirect("portal:export")
    export = find_newest_export(request.account)
    context = {
        "export": export,
        "kept_until": export.ready_at + KEPT_FOR if export and export.ready_at else None,
        "kept_days": KEPT_FOR.days,
    }
    answer = render(request, "portal/export.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@private(Permission.DATA_EXPORT)
@require_GET
def send_archive(request: PortalRequest, export_id: UUID) -> HttpResponseBase:
    """Send a ZIP archive that is ready."""
    _refuse_viewers(request)
    now = timezone.now()
    export = get_ready_export(request.account, export_id)
    files = list_export_files(request.account, export)
    note_download(export=export, at=now, by=request.actor)
    name = (
        f"seatledger-{request.account.serial_number}-{today_of(request.account, export.ready_at or now)}.zip"
    )
    return StreamingHttpResponse(
        archive_parts(request.account, files),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(export.size_bytes),
            "Cache-Control": "no-store",
        },
    )


def archive_parts(account: Account, files: list[ExportFile]) -> Iterator[bytes]:
    """Yield the archive, a part of a file at a time."""

    def content_of(index: int) -> Iterator[bytes]:
        sent = position = 0
        while sent < files[index].packed_bytes:
            with transaction.atomic():
                bind_account(account.pk)
                part = find_part(account, files[index], position)
            assert part is not None, "the archive went while it was sent; the download is seen to be cut off"
            yield part
            sent += len(part)
            position += 1

    return frame([packed(file) for file in files], content_of)


def _refuse_viewers(request: PortalRequest) -> None:
    """Keep the archive from the vendor's staff, who may look at pages as an administrator sees them."""
    if viewing_of(request):
        raise PermissionDenied("Only the account's own administrators can export what it has.")
