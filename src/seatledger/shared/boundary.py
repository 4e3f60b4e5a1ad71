"""The second wall: what a transaction may see is decided in the database, not by each query."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from seatledger.shared.walls import STAFF_ROLE, WEB_ROLE

SIGN_IN = "sign_in"
JOINING = "joining"
LOOKS = "looks"
ONE_BILL = "one_bill"

_BIND = """
SELECT set_config('role', %s, true), set_config('seatledger.account', %s, true), set_config('seatledger.door', %s, true)
"""
_BOUND = """
SELECT current_setting('role'), coalesce(current_setting('seatledger.account', true), ''),
       coalesce(current_setting('seatledger.door', true), '')
"""


def bind_account(account_id: UUID | None, *, door: str = "") -> None:
    """Make the rest of this transaction see one account's rows only (None: no account's).

    `door` is `SIGN_IN` on the pages that must find a user before the account is known, `JOINING` while the account to
    join is looked for, `LOOKS` where nobody is signed in and only how a page looks is asked for, and `ONE_BILL` while the
    next bill of a provider for its customers is worked out.
    """
    assert connection.in_atomic_block, "a binding lasts as long as its transaction"
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [WEB_ROLE, str(account_id or ""), door])


@contextmanager
def through_door(door: str) -> Iterator[None]:
    """Show what a door shows beside the account's own rows, for as long as this lasts; who is not bound sees all anyway."""
    role, account_id, before = _binding()
    if role != WEB_ROLE:
        yield
        return
    bind_account(account_id, door=door)
    yield
    bind_account(account_id, door=before)


@contextmanager
def as_account(other_id: UUID) -> Iterator[None]:
    """Show another account's rows in place of the bound one's, for as long as this lasts.

    What fails inside undoes its transaction, and the binding with it.
    """
    role, account_id, door = _binding()
    if role != WEB_ROLE:
        yield
        return
    bind_account(other_id)
    yield
    bind_account(account_id, door=door)


def _binding() -> tuple[str, UUID | None, str]:
    """Return the role of this transaction, the account it is bound to, and its door."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUND)
        role, account_id, door = cursor.fetchone()
    return role, UUID(account_id) if account_id else None, door


def bind_staff() -> None:
    """Make the rest of this transaction see every account's rows: for the vendor's staff."""
    assert connection.in_atomic_block, "a binding lasts as long as its transaction"
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [STAFF_ROLE, "", ""])


def unbind() -> None:
    """Give the transaction back to the role it began with; for tests, which outlive the request."""
    with connection.cursor() as cursor:
        cursor.execute(_BIND, ["none", "", ""])
