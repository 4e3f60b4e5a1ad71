"""Invoices and credit notes: drafts, lines, numbers, files."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from seatledger.domain.invoices.models.sellers import Seller
from seatledger.shared.models import AccountRow, one_of


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class Document(AccountRow):
    """An invoice or a credit note. A draft until it is issued (has an `Issue`); from then on nothing changes it.

    Amounts of a credit note are positive and count for the customer. `billed_to` and `sold_by` are name, address and
    numbers as they were on the day.
    """

    kind = models.CharField(max_length=16, choices=DocumentKind)
    currency = models.CharField(max_length=3)
    dated_on = models.DateField()
    due_on = models.DateField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    billed_to = models.JSONField()
    sold_by = models.JSONField()
    taxes = models.JSONField(help_text="By rate: kind, percent, net_minor, tax_minor, and a note to print.")
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrections",
        help_text="The invoice that a credit note is for.",
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why a person made the document.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", DocumentKind, name="document_kind_is_known"),
            models.CheckConstraint(
                name="a_total_is_net_and_tax", condition=Q(total_minor=F("net_minor") + F("tax_minor"))
            ),
            models.CheckConstraint(name="no_document_of_nothing", condition=Q(total_minor__gt=0)),
            models.CheckConstraint(
                name="a_document_is_due_from_its_date", condition=Q(due_on__gte=F("dated_on"))
            ),
            models.CheckConstraint(
                name="a_credit_note_alone_corrects",
                condition=Q(corrects__isnull=True) | Q(kind=DocumentKind.CREDIT_NOTE),
            ),
        ]
        indexes = [models.Index(fields=["account", "-dated_on", "-id"], name="documents_by_date")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.total_minor} {self.currency} for {self.account_id}"


class Line(models.Model):
    """One amount of a document, with its working. `amount_minor` is net and has the document's sign.

    Lines that the engine made have an item, a period and a revision, and say in `rate`, `shape` and `totals` how the
    amount comes about (`invoices.workings`); on a provider's bill for its customers, `text` names the customer. Lines that a
    person wrote have none of it and say in `text` what they are for.
    """

    pk = models.CompositePrimaryKey("document_id", "position")
    document = models.ForeignKey(Document, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    account_id = models.UUIDField(
        help_text="The document's; no key of its own, which halves the cost of a run."
    )
    item_id = models.UUIDField(null=True, help_text="The subscription item.")
    pool_id = models.UUIDField(null=True)
    licence_name = models.CharField(max_length=100, help_text="As it was on the day.")
    text = models.CharField(max_length=300, blank=True)
    amount_minor = models.BigIntegerField()
    tax_kind = models.CharField(max_length=2)
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3)
    period_starts_on = models.DateField(null=True)
    period_ends_on = models.DateField(null=True, help_text="The first day after the full period.")
    revision = models.PositiveIntegerField(
        default=0, help_text="How often the item's period was billed before."
    )
    part = models.PositiveSmallIntegerField(default=0, help_text="Tells the lines of one revision apart.")
    of_position = models.PositiveIntegerField(
        null=True, help_text="The line of the corrected invoice that a credit by a person is for."
    )
    rate = models.JSONField(null=True)
    shape = models.JSONField(null=True)
    totals = models.JSONField(null=True)

    class Meta:
        constraints = [
            # What two runs at once would both make is made once.
            models.UniqueConstraint(
                fields=["item_id", "period_starts_on", "revision", "part"],
                name="a_period_is_billed_once_a_revision",
            ),
            models.CheckConstraint(
                name="a_line_has_its_working_or_a_text",
                condition=Q(
                    item_id__isnull=False,
                    period_starts_on__isnull=False,
                    period_ends_on__isnull=False,
                    rate__isnull=False,
                    shape__isnull=False,
                    totals__isnull=False,
                )
                | Q(item_id__isnull=True) & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="line_percent_is_a_share", condition=Q(tax_percent__gte=0) & Q(tax_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class NumberSeries(models.Model):
    """The next number of one seller's invoices or credit notes. Its row is held while numbers are given.

    A `region` says that the cell of another one gives these numbers: they came with the documents of an account that
    moved here, and none is given here.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="series")
    kind = models.CharField(max_length=16, choices=DocumentKind)
    prefix = models.CharField(max_length=16)
    next_number = models.PositiveBigIntegerField(default=1)
    region = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            one_of("kind", DocumentKind, name="series_kind_is_known"),
            models.UniqueConstraint(
                fields=["seller", "kind", "region"], name="one_series_a_seller_kind_and_region"
            ),
            models.UniqueConstraint(fields=["prefix"], name="a_prefix_is_used_by_one_series"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number}"


class Issue(models.Model):
    """A document was issued: its number, without gaps, and what is still open of it."""

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="issue")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    reference = models.CharField(
        max_length=40, unique=True, help_text="The number as printed, prefix and all."
    )
    issued_at = models.DateTimeField()
    total_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField(
        help_text="Of an invoice, what is to be paid; of a credit note, what is not used."
    )
    credited_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of an invoice, the total of the credit notes for it."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="a_number_is_given_once"),
            models.CheckConstraint(
                name="what_is_open_lies_between_nothing_and_the_total",
                condition=Q(open_minor__gte=0) & Q(open_minor__lte=F("total_minor")),
            ),
            models.CheckConstraint(
                name="credit_notes_never_exceed_their_invoice",
                condition=Q(credited_minor__gte=0) & Q(credited_minor__lte=F("total_minor")),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-issued_at"], name="issues_by_time"),
            models.Index(fields=["account"], condition=Q(open_minor__gt=0), name="issues_that_are_open"),
            # Costs a run next to nothing, and finds what was issued of late among millions.
            BrinIndex(fields=["issued_at"], name="issues_of_late", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.reference


class NumberElsewhere(models.Model):
    """A number that was given here, whose document is kept in another region since its account moved there.

    It closes the gap in the series and holds what the seller's books need of it: no name and no account.
    """

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    region = models.CharField(max_length=16, help_text="Where the document is.")
    dated_on = models.DateField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    taxes = models.JSONField(help_text="By rate, as on the document.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="a_number_is_elsewhere_once")
        ]

    def __str__(self) -> str:
        return f"{self.reference} is in {self.region}"


class Void(AccountRow):
    """An invoice was declared void: its number stays, nothing of it is owed, its periods are billed anew."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="void")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.document_id} is void"


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF (A4)"
    PDF_LETTER = "pdf_letter", "PDF (Letter)"
    PDF_WORKING = "pdf_working", "PDF with the working"
    UBL = "ubl", "XML (UBL)"
    CII = "cii", "XML (CII)"


class DocumentFile(AccountRow):
    """A document as a file, made by a job after it was issued. Made again, it would be the same."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16, choices=FileKind)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", FileKind, name="file_kind_is_known"),
            models.UniqueConstraint(fields=["document", "kind"], name="a_document_has_a_file_of_a_kind_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.document_id}"
