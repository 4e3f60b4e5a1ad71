"""Read a file of a bank, whatever form it has."""

from seatledger.domain.payments.statements.camt import read_camt053
from seatledger.domain.payments.statements.tables import read_table
from seatledger.domain.payments.statements.told import MOST_BYTES, Columns, ReadStatement, UnfitStatement

_USUAL_COLUMNS = Columns()


def read_statements(
    content: bytes, *, columns: Columns = _USUAL_COLUMNS, currency: str = ""
) -> list[ReadStatement]:
    """Return the statements that a file holds: camt.053 when it is XML, else a table with these columns.

    `currency` is that of a table whose lines name none. Raises UnfitStatement.
    """
    if len(content) > MOST_BYTES:
        raise UnfitStatement(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB. Ask your bank for one a day."
        )
    if not content.strip():
        raise UnfitStatement("The file is empty. Download it again.")
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return read_camt053(content)
    return [read_table(content, columns, currency=currency)]
