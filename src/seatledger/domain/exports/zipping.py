"""The frame of a ZIP archive around files that are packed already: plain Python over names and sizes.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.3. Sizes are known before a file is sent, so no data descriptors are needed. The
64-bit fields are there where a number does not fit into 32 bits, or 16 for the number of files.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_ELSEWHERE: Final = 0xFFFFFFFF  # stands where a number is in a 64-bit field
_SHORT: Final = 0xFFFFFFFF  # numbers below this stand in 32 bits
_MOST_16: Final = 0xFFFF
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_END_64: Final = struct.Struct("<IQHHIIQQQQ")
_LOCATOR_64: Final = struct.Struct("<IIQI")
_END: Final = struct.Struct("<IHHHHIIH")
_UTF8: Final = 0x0800
_DEFLATED: Final = 8
_MADE_ON_UNIX: Final = 3 << 8
_USUAL: Final = 20  # the version that is needed to read it
_LARGE: Final = 45
_READABLE: Final = 0o100644 << 16


@dataclass(frozen=True)
class Packed:
    """What the frame says of a file."""

    name: str
    at: datetime
    crc32: int
    size_bytes: int
    packed_bytes: int


def size_of(files: Sequence[Packed]) -> int:
    """Return how many bytes the archive of these files has."""
    return sum(len(piece) for piece in frame(files, lambda _index: ())) + sum(
        one.packed_bytes for one in files
    )


def frame(files: Sequence[Packed], content_of: Callable[[int], Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the archive piece by piece; `content_of` gives the packed content of a file by its index."""
    directory = bytearray()
    offset = 0
    for index, file in enumerate(files):
        head = _local(file)
        yield head
        yield from content_of(index)
        directory += _central(file, offset)
        offset += len(head) + file.packed_bytes
    yield bytes(directory)
    yield _end(len(files), start=offset, length=len(directory))


def _local(file: Packed) -> bytes:
    name = file.name.encode()
    extra, sizes = b"", (file.packed_bytes, file.size_bytes)
    if max(sizes) >= _SHORT:
        extra, sizes = (
            struct.pack("<HHQQ", 1, 16, file.size_bytes, file.packed_bytes),
            (_ELSEWHERE, _ELSEWHERE),
        )
    needs = _LARGE if extra else _USUAL
    time, day = _dos(file.at)
    head = _LOCAL.pack(
        0x04034B50, needs, _UTF8, _DEFLATED, time, day, file.crc32, *sizes, len(name), len(extra)
    )
    return head + name + extra


def _central(file: Packed, offset: int) -> bytes:
    name = file.name.encode()
    numbers = (file.size_bytes, file.packed_bytes, offset)
    large = [number for number in numbers if number >= _SHORT]
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    size, packed, start = (_short(number) for number in numbers)
    needs = _LARGE if extra else _USUAL
    time, day = _dos(file.at)
    head = _CENTRAL.pack(
        0x02014B50, _MADE_ON_UNIX | needs, needs, _UTF8, _DEFLATED, time, day, file.crc32, packed, size,
        len(name), len(extra), 0, 0, 0, _READABLE, start,
    )  # fmt: skip
    return head + name + extra


def _end(count: int, *, start: int, length: int) -> bytes:
    usual = _END.pack(0x06054B50, 0, 0, *[min(count, _MOST_16)] * 2, _short(length), _short(start), 0)
    if count < _MOST_16 and max(start, length) < _SHORT:
        return usual
    large = _END_64.pack(0x06064B50, 44, _MADE_ON_UNIX | _LARGE, _LARGE, 0, 0, count, count, length, start)
    return large + _LOCATOR_64.pack(0x07064B50, 0, start + length, 1) + usual


def _short(number: int) -> int:
    return number if number < _SHORT else _ELSEWHERE


def _dos(at: datetime) -> tuple[int, int]:
    """Return an instant as MS-DOS kept it: to two seconds, in no zone; here in UTC."""
    return (
        at.hour << 11 | at.minute << 5 | at.second // 2,
        max(0, at.year - 1980) << 9 | at.month << 5 | at.day,
    )
