"""Write a file of an archive in parts: packed as it comes, so that a process never holds more than one part of it."""

import zlib
from datetime import datetime
from hashlib import sha256
from typing import Final

from seatledger.domain.exports.models import Export, ExportFile, ExportPart

PART_BYTES: Final = 512 * 1024
_RAW: Final = -zlib.MAX_WBITS  # as ZIP wants it: without a frame of zlib's own


class FileWriter:
    """One file that is being written. Nothing is stored for good before `close`, and then with the transaction."""

    def __init__(self, export: Export, *, position: int, name: str, at: datetime) -> None:
        self.file = ExportFile.objects.create(
            account_id=export.account_id, export=export, position=position, name=name, made_at=at
        )
        self._packer = zlib.compressobj(wbits=_RAW)
        self._hash = sha256()
        self._crc = 0
        self._waiting = bytearray()
        self._parts = 0

    def write(self, content: bytes) -> None:
        self._crc = zlib.crc32(content, self._crc)
        self._hash.update(content)
        self.file.size_bytes += len(content)
        self._keep(self._packer.compress(content))

    def close(self, *, rows: int | None = None) -> ExportFile:
        self._keep(self._packer.flush())
        if self._waiting:
            self._store()
        self.file.crc32, self.file.sha256, self.file.rows = self._crc, self._hash.hexdigest(), rows
        self.file.save(update_fields=["size_bytes", "packed_bytes", "crc32", "sha256", "rows"])
        return self.file

    def _keep(self, packed: bytes) -> None:
        self._waiting += packed
        while len(self._waiting) >= PART_BYTES:
            self._store()

    def _store(self) -> None:
        content = bytes(self._waiting[:PART_BYTES])
        del self._waiting[:PART_BYTES]
        ExportPart.objects.create(
            account_id=self.file.account_id, file=self.file, position=self._parts, content=content
        )
        self._parts += 1
        self.file.packed_bytes += len(content)
