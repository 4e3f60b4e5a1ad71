"""The second wall: what a transaction may see is decided in the database, not by each query."""

from uuid import UUID

from django.db import connection

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

SIGN_IN = "sign_in"
JOINING = "joining"
LOOKS = "looks"

_BIND = """
SELECT set_config('role', %s, true), set_config('seatledger.account', %s, true), set_config('seatledger.door', %s, true)
"""


def bind_account(account_id: UUID | None, *, door: str = "") -> None:
    """Make the rest of this transaction see one account's rows only (None: no account's).

    `door` is `SIGN_IN` on the pages that must find a user before the account is known, `JOINING` while the account to
    join is looked for, and `LOOKS` where nobody is signed in and only how a page looks is asked for.
    """
    assert connection.in_atomic_block, "a binding lasts as long as its transaction"
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [WEB_ROLE, str(account_id or ""), door])


def bind_staff() -> None:
    """Make the rest of this transaction see every account's rows: for the vendor's staff."""
    assert connection.in_atomic_block, "a binding lasts as long as its transaction"
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [STAFF_ROLE, "", ""])


def unbind() -> None:
    """Give the transaction back to the role it began with; for tests, which outlive the request."""
    with connection.cursor() as cursor:
        cursor.execute(_BIND, ["none", "", ""])
