import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("through_on", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("accounts_billed", models.PositiveIntegerField(default=0)),
                ("documents_issued", models.PositiveIntegerField(default=0)),
                ("accounts_parked", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")], max_length=16
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("dated_on", models.DateField()),
                ("due_on", models.DateField()),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("billed_to", models.JSONField()),
                ("sold_by", models.JSONField()),
                (
                    "taxes",
                    models.JSONField(
                        help_text="By rate: kind, percent, net_minor, tax_minor, and a note to print."
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why a person made the document.", max_length=300),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        help_text="The invoice that a credit note is for.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-dated_on", "-id"], name="documents_by_date")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note"])),
                        name="document_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            )
                        ),
                        name="a_total_is_net_and_tax",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_minor__gt", 0)), name="no_document_of_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("dated_on"))),
                        name="a_document_is_due_from_its_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True), ("kind", "credit_note"), _connector="OR"
                        ),
                        name="a_credit_note_alone_corrects",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountBilling",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                (
                    "next_on",
                    models.DateField(
                        help_text="The day on which something is due next; null: nothing is.", null=True
                    ),
                ),
                (
                    "billed_on",
                    models.DateField(
                        help_text="The day of the newest billing: earlier periods are settled.", null=True
                    ),
                ),
                (
                    "reopened_on",
                    models.DateField(
                        help_text="Periods from this day on are billed anew: a document was declared void.",
                        null=True,
                    ),
                ),
                ("parked_at", models.DateTimeField(null=True)),
                ("parked_because", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("parked_at__isnull", True)),
                        fields=["next_on", "account"],
                        name="accounts_to_bill",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("parked_at__isnull", True), ("parked_because", "")),
                            models.Q(
                                ("parked_at__isnull", False), models.Q(("parked_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_parked_account_has_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BalanceEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sequence", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                            ("write_off", "Write-off"),
                            ("void", "Void"),
                            ("reversal", "Payment taken back"),
                            ("refund_failed", "Refund that failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("dated_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(help_text="Positive: the account owes more.")),
                (
                    "balance_minor",
                    models.BigIntegerField(
                        help_text="What the account owes after it; negative: it has credit."
                    ),
                ),
                ("payment_id", models.UUIDField(null=True)),
                ("text", models.CharField(blank=True, max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "invoice",
                                    "credit_note",
                                    "payment",
                                    "refund",
                                    "write_off",
                                    "void",
                                    "reversal",
                                    "refund_failed",
                                ],
                            )
                        ),
                        name="balance_entry_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("account", "sequence"), name="balance_entries_are_numbered"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF (A4)"),
                            ("pdf_letter", "PDF (Letter)"),
                            ("pdf_working", "PDF with the working"),
                            ("ubl", "XML (UBL)"),
                            ("cii", "XML (CII)"),
                        ],
                        max_length=16,
                    ),
                ),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "pdf_letter", "pdf_working", "ubl", "cii"])),
                        name="file_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("document", "kind"), name="a_document_has_a_file_of_a_kind_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "document_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "account_id",
                    models.UUIDField(
                        help_text="The document's; no key of its own, which halves the cost of a run."
                    ),
                ),
                ("item_id", models.UUIDField(help_text="The subscription item.", null=True)),
                ("pool_id", models.UUIDField(null=True)),
                ("licence_name", models.CharField(help_text="As it was on the day.", max_length=100)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("amount_minor", models.BigIntegerField()),
                ("tax_kind", models.CharField(max_length=2)),
                ("tax_percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("period_starts_on", models.DateField(null=True)),
                (
                    "period_ends_on",
                    models.DateField(help_text="The first day after the full period.", null=True),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0, help_text="How often the item's period was billed before."
                    ),
                ),
                (
                    "part",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Tells the lines of one revision apart."
                    ),
                ),
                (
                    "of_position",
                    models.PositiveIntegerField(
                        help_text="The line of the corrected invoice that a credit by a person is for.",
                        null=True,
                    ),
                ),
                ("rate", models.JSONField(null=True)),
                ("shape", models.JSONField(null=True)),
                ("totals", models.JSONField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item_id", "period_starts_on", "revision", "part"),
                        name="a_period_is_billed_once_a_revision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("item_id__isnull", False),
                                ("period_ends_on__isnull", False),
                                ("period_starts_on__isnull", False),
                                ("rate__isnull", False),
                                ("shape__isnull", False),
                                ("totals__isnull", False),
                            ),
                            models.Q(("item_id__isnull", True), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_line_has_its_working_or_a_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_percent__gte", 0), ("tax_percent__lte", 100)),
                        name="line_percent_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seller",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("street", models.CharField(max_length=200)),
                ("city", models.CharField(max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(max_length=2)),
                ("vat_number", models.CharField(blank=True, max_length=20)),
                (
                    "registration",
                    models.CharField(
                        blank=True, help_text="Register and number, as printed.", max_length=100
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                (
                    "sales_contact",
                    models.JSONField(
                        blank=True, default=dict, help_text="name, email and phone of the sales team."
                    ),
                ),
                ("terms_days", models.PositiveSmallIntegerField(default=30)),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_seller",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")], max_length=16
                    ),
                ),
                ("prefix", models.CharField(max_length=16)),
                ("next_number", models.PositiveBigIntegerField(default=1)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="invoices.seller",
                    ),
                ),
                ("region", models.CharField(blank=True, db_default="", default="", max_length=16)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note"])),
                        name="series_kind_is_known",
                    ),
                    models.UniqueConstraint(fields=("prefix",), name="a_prefix_is_used_by_one_series"),
                    models.UniqueConstraint(
                        fields=("seller", "kind", "region"), name="one_series_a_seller_kind_and_region"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BillingDetails",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                (
                    "legal_name",
                    models.CharField(blank=True, help_text="Empty: the account's name.", max_length=200),
                ),
                ("street", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("vat_number", models.CharField(blank=True, max_length=20)),
                (
                    "exempt_reason",
                    models.CharField(
                        blank=True, help_text="Why no tax is charged, if staff allowed it.", max_length=200
                    ),
                ),
                ("purchase_order", models.CharField(blank=True, max_length=50)),
                (
                    "copies_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                ("terms_days", models.PositiveSmallIntegerField(help_text="Null: the seller's.", null=True)),
                (
                    "seller",
                    models.ForeignKey(
                        help_text="Null: the default one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoices.seller",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SellerChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "User"),
                            ("staff", "Admin Team"),
                            ("provider", "Provider"),
                            ("api_key", "API key"),
                            ("system", "Seatledger"),
                            ("sync", "Synchronisation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=100)),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="invoices.seller",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["user", "staff", "provider", "api_key", "system", "sync"])
                        ),
                        name="seller_change_actor_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("payment_id", models.UUIDField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                            ("write_off", "Write-off"),
                            ("void", "Void"),
                            ("reversal", "Payment taken back"),
                            ("refund_failed", "Refund that failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Why a person wrote it off; not shown to customers.",
                        max_length=300,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "credit_note",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="invoices.document",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "invoice",
                                    "credit_note",
                                    "payment",
                                    "refund",
                                    "write_off",
                                    "void",
                                    "reversal",
                                    "refund_failed",
                                ],
                            )
                        ),
                        name="settlement_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_minor__gt", 0),
                                models.Q(("kind__in", ("reversal", "refund_failed")), _negated=True),
                            ),
                            models.Q(("amount_minor__lt", 0), ("kind__in", ("reversal", "refund_failed"))),
                            _connector="OR",
                        ),
                        name="a_settlement_settles_something_or_undoes_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("credit_note__isnull", False),
                                ("invoice__isnull", False),
                                ("kind", "credit_note"),
                                ("payment_id__isnull", True),
                            ),
                            models.Q(
                                ("credit_note__isnull", True),
                                ("invoice__isnull", False),
                                ("kind", "payment"),
                                ("payment_id__isnull", False),
                            ),
                            models.Q(
                                ("credit_note__isnull", True),
                                ("invoice__isnull", False),
                                ("kind", "write_off"),
                                ("payment_id__isnull", True),
                            ),
                            models.Q(
                                ("credit_note__isnull", False),
                                ("invoice__isnull", True),
                                ("kind", "refund"),
                                ("payment_id__isnull", False),
                            ),
                            models.Q(
                                ("credit_note__isnull", True),
                                ("invoice__isnull", False),
                                ("kind", "reversal"),
                                ("payment_id__isnull", False),
                            ),
                            models.Q(
                                ("credit_note__isnull", False),
                                ("invoice__isnull", True),
                                ("kind", "refund_failed"),
                                ("payment_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_settlement_has_its_two_sides",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("country", models.CharField(max_length=2)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("S", "Standard rate"),
                            ("Z", "Zero rated"),
                            ("E", "Exempt"),
                            ("AE", "Reverse charge"),
                            ("G", "Outside the tax area"),
                            ("O", "Not subject to tax"),
                        ],
                        default="S",
                        max_length=2,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("effective_on", models.DateField()),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_rules",
                        to="invoices.seller",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["S", "Z", "E", "AE", "G", "O"])),
                        name="tax_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("seller", "country", "effective_on"), name="one_tax_rule_a_country_and_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="percent_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Void",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="void",
                        to="invoices.document",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="issue",
                        serialize=False,
                        to="invoices.document",
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                (
                    "reference",
                    models.CharField(
                        help_text="The number as printed, prefix and all.", max_length=40, unique=True
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("total_minor", models.BigIntegerField()),
                (
                    "open_minor",
                    models.BigIntegerField(
                        help_text="Of an invoice, what is to be paid; of a credit note, what is not used."
                    ),
                ),
                (
                    "credited_minor",
                    models.BigIntegerField(
                        db_default=0,
                        default=0,
                        help_text="Of an invoice, the total of the credit notes for it.",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoices.numberseries",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-issued_at"], name="issues_by_time"),
                    models.Index(
                        condition=models.Q(("open_minor__gt", 0)),
                        fields=["account"],
                        name="issues_that_are_open",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["issued_at"], name="issues_of_late"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "number"), name="a_number_is_given_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_minor__gte", 0), ("open_minor__lte", models.F("total_minor"))
                        ),
                        name="what_is_open_lies_between_nothing_and_the_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited_minor__gte", 0), ("credited_minor__lte", models.F("total_minor"))
                        ),
                        name="credit_notes_never_exceed_their_invoice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OneBill",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("account",),
                        name="a_provider_has_one_bill_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="a_bill_for_all_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberElsewhere",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("region", models.CharField(help_text="Where the document is.", max_length=16)),
                ("dated_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("taxes", models.JSONField(help_text="By rate, as on the document.")),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoices.numberseries",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "number"), name="a_number_is_elsewhere_once")
                ],
            },
        ),
    ]
