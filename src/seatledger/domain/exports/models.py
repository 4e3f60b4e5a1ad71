"""An account's archive of everything it has: asked for, made file by file, kept for some days."""

from django.db import models
from django.db.models import Q

from seatledger.shared.models import AccountRow


class Export(AccountRow):
    """One archive. It is made in steps, each of them whole or not at all; `steps_done` says where to go on.

    What is written is counted in rows, and a document's files as some: `rows_done` of `rows_expected` is how far it is.
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    steps_done = models.PositiveIntegerField(default=0)
    documents_after = models.UUIDField(null=True, help_text="The last document whose files are written.")
    rows_expected = models.PositiveBigIntegerField(null=True, help_text="Null until they are counted.")
    rows_done = models.PositiveBigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    size_bytes = models.PositiveBigIntegerField(null=True, help_text="Of the archive, as it is downloaded.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ready_at__isnull=True),
                name="an_account_makes_one_export_at_a_time",
            ),
            models.CheckConstraint(
                name="an_export_that_is_ready_has_a_size",
                condition=Q(ready_at__isnull=True) | Q(size_bytes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"export of {self.account_id} at {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int | None:
        """How far it is; None until that is known."""
        if self.ready_at is not None:
            return 100
        if self.rows_expected is None:
            return None
        return min(99, 100 * self.rows_done // max(1, self.rows_expected))


class ExportFile(AccountRow):
    """One file of an archive: what it is called, and what its content amounts to, packed and not."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    rows = models.PositiveBigIntegerField(null=True, help_text="How many rows a table has; null for others.")
    size_bytes = models.PositiveBigIntegerField(default=0)
    packed_bytes = models.PositiveBigIntegerField(default=0)
    crc32 = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="files_of_an_export_are_numbered"),
            models.UniqueConstraint(fields=["export", "name"], name="a_file_is_in_an_export_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ExportPart(models.Model):
    """So much of a file, packed, that a process can hold it. Kept in the database, which every machine reaches."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    file = models.ForeignKey(ExportFile, models.CASCADE, related_name="parts", db_index=False)
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="parts_of_a_file_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"
