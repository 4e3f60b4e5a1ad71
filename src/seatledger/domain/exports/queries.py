"""Questions about archives."""

from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.exports.models import Export, ExportFile, ExportPart
from seatledger.shared.errors import NotFound


def find_newest_export(account: Account) -> Export | None:
    """Return the account's archive: the one that is being made, else the one that is ready."""
    return (
        Export.objects.select_related("asked_by").filter(account=account).order_by("-asked_at", "-pk").first()
    )


def get_ready_export(account: Account, export_id: UUID) -> Export:
    """Return an archive that can be downloaded. Raises NotFound for one that is not ready, gone, or another account's."""
    try:
        return Export.objects.select_related("account").get(
            account=account, pk=export_id, ready_at__isnull=False
        )
    except Export.DoesNotExist:
        raise NotFound("export") from None


def list_export_files(account: Account, export: Export) -> list[ExportFile]:
    """Return the files of an archive in their order."""
    return list(ExportFile.objects.filter(account=account, export=export).order_by("position"))


def find_part(account: Account, file: ExportFile, position: int) -> bytes | None:
    """Return one part of a file's packed content; None behind the last."""
    found = ExportPart.objects.filter(account=account, file=file, position=position)
    content = found.values_list("content", flat=True).first()
    return None if content is None else bytes(content)


def list_unfinished_for_operator() -> list[tuple[UUID, UUID]]:
    """Return the id and the account's id of every archive that is being made."""
    rows = Export.objects.filter(ready_at__isnull=True).order_by("asked_at")
    return list(rows.values_list("pk", "account_id"))
