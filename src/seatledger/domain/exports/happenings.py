"""What happens to archives."""

from dataclasses import dataclass
from uuid import UUID

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class ExportAsked(Happening):
    export_id: UUID


@dataclass(frozen=True)
class ExportReady(Happening):
    export_id: UUID
    size_bytes: int


@dataclass(frozen=True)
class ExportDownloaded(Happening):
    export_id: UUID
