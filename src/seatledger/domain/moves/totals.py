"""The business of a region without an account that left, or with one that came: its months are added up anew."""

from uuid import UUID

from django.db import connection

from seatledger.domain.figures.adding import sum_up
from seatledger.domain.figures.models import Month, MonthTotal


def add_up_again(account_id: UUID) -> None:
    """Make the totals of every month the sum of the accounts that are here, now that this one came or left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('seatledger.adding_up', %s, true)", [str(account_id)])
    months = list(Month.objects.order_by("month").values_list("month", flat=True))
    MonthTotal.objects.filter(month__in=months).delete()
    MonthTotal.objects.bulk_create(sum_up(months))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('seatledger.adding_up', '', true)")
