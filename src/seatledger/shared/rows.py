"""Rows as PostgreSQL's COPY writes them, wherever they go: counted, and told apart from others."""

from hashlib import sha256

from django.db import connection

_EVERY_DIGEST = 1 << 256


class RowsDigest:
    """Counts rows and adds up their SHA-256, so that the same rows in another order come to the same.

    It tells a whole copy from a damaged one. It does not withstand someone who writes a copy of his own.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, block: bytes) -> None:
        """Take rows in the text format of COPY: one a line, and no line without its end."""
        lines = block.split(b"\n")
        assert lines.pop() == b"", "a block ends with its last row"
        self.rows += len(lines)
        for line in lines:
            self._sum += int.from_bytes(sha256(line).digest(), "big")

    def value(self) -> str:
        return f"{self._sum % _EVERY_DIGEST:064x}"


def speak_plainly() -> None:
    """Make this transaction write and read values the same way on every server, and hide no row from us."""
    with connection.cursor() as cursor:
        for setting, value in (
            ("datestyle", "ISO, YMD"),
            ("intervalstyle", "postgres"),
            ("timezone", "UTC"),
            ("extra_float_digits", "3"),
            ("bytea_output", "hex"),
            ("row_security", "off"),
            ("statement_timeout", "0"),
        ):
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
