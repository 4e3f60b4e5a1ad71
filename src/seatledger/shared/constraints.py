"""What the database refuses, said as a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from psycopg import Error

from seatledger.shared.errors import Refused


@contextmanager
def refusing(constraint: str, refusal: Refused) -> Iterator[None]:
    """Raise `refusal` when the database refuses what happens inside because of this constraint.

    An action asks first, so as to answer well; this stands behind the question, for the rows the question could not
    see: another account's, and those of a transaction that was quicker.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violated_constraint(error) == constraint:
            raise refusal from None
        raise


def violated_constraint(error: IntegrityError) -> str | None:
    """Return the name of the constraint that was violated."""
    return error.__cause__.diag.constraint_name if isinstance(error.__cause__, Error) else None
