"""The backend Django loads by this name."""

from django.conf import settings
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded server, which runs as long as a process that has connected does."""

    def connect(self) -> None:
        settings.SERVER.acquire()
        super().connect()
