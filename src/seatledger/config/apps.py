"""The wiring that Django starts: a database is stamped with its region, and no other region's process uses it."""

from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django_structlog.signals import bind_extra_request_metadata

from seatledger.config.request_log import forget_browser
from seatledger.shared.quiet import RESTORING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper


class WiringConfig(AppConfig):
    name = "seatledger.config"
    label = "cell"

    def ready(self) -> None:
        bind_extra_request_metadata.connect(forget_browser, dispatch_uid="seatledger.forget_browser")
        post_migrate.connect(stamp, sender=self, dispatch_uid="seatledger.stamp")
        import_module("seatledger.config.gauges").register()
        connection_created.connect(refuse_other_cell, dispatch_uid="seatledger.refuse_other_cell")


def stamp(*, using: str, **_signal: object) -> None:
    """Write the region into a new database."""
    from seatledger.config.models import Cell  # noqa: PLC0415 -- models exist once the apps are ready

    Cell.objects.using(using).get_or_create(defaults={"region": settings.SEATLEDGER_REGION})


def refuse_other_cell(*, connection: "BaseDatabaseWrapper", **_signal: object) -> None:
    """Look at the database's region once in each process. Raises ImproperlyConfigured when it is not ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.cell') IS NOT NULL")
        found = None
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT region FROM cell")
            found = cursor.fetchone()
        cursor.execute("SELECT to_regclass('public.quiet') IS NOT NULL")
        if cursor.fetchone() == (True,):
            refuse_half_restored(cursor)
    if found is None:
        return
    if found != (settings.SEATLEDGER_REGION,):
        raise ImproperlyConfigured(
            f"this database belongs to the region {found[0]}, but SEATLEDGER_REGION is {settings.SEATLEDGER_REGION}"
        )
    connection_created.disconnect(dispatch_uid="seatledger.refuse_other_cell")


def refuse_half_restored(cursor: "CursorWrapper") -> None:
    cursor.execute("SELECT EXISTS (SELECT FROM quiet WHERE why = %s)", [RESTORING])
    if cursor.fetchone() == (True,):
        raise ImproperlyConfigured(f"{RESTORING}; run `seatledger restore` again with the same file")
