"""What is overdue, by how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection


@dataclass(frozen=True)
class Age:
    """For how many days something has been overdue: from, and to (None: without an end), both included."""

    key: str
    label: str
    short: str
    first: int
    last: int | None


AGES: Final = (
    Age("0-30", "Up to 30 days", "0\u201330 days", 1, 30),
    Age("31-60", "31 to 60 days", "31\u201360", 31, 60),
    Age("61-90", "61 to 90 days", "61\u201390", 61, 90),
    Age("over-90", "Over 90 days", "over 90", 91, None),
)
_OVERDUE: Final = """
SELECT width_bucket(%(today)s - document.due_on, ARRAY[1, 31, 61, 91]), count(DISTINCT issue.account_id), count(*),
       sum(issue.open_minor)
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
WHERE issue.open_minor > 0 AND document.kind = 'invoice' AND document.currency = %(currency)s AND document.due_on < %(today)s
GROUP BY 1
"""


@dataclass(frozen=True)
class Overdue:
    """What has been overdue for some time, in minor units, of how many accounts and in how many invoices."""

    age: Age
    accounts: int
    invoices: int
    amount_minor: int


def count_overdue_for_operator(currency: str, *, at: datetime) -> list[Overdue]:
    """Return what is overdue in one currency, by how long, the newest first. Days are those of UTC."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"today": at.date(), "currency": currency})
        found = {place: counts for place, *counts in cursor.fetchall()}
    return [Overdue(age, *map(int, found.get(place, (0, 0, 0)))) for place, age in enumerate(AGES, start=1)]


def bounds_of(age: Age, at: datetime) -> tuple[object, object]:
    """Return the first and the last day on which what has this age was due; None: however long ago."""
    today = at.date()
    return today - timedelta(days=age.last) if age.last else None, today - timedelta(days=age.first)
