import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("invoices", "0001_initial"),
        ("licences", "0001_initial"),
        ("people", "0001_initial"),
        ("subscriptions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("form", models.CharField(help_text="camt.053, csv or by hand.", max_length=16)),
                (
                    "identifier",
                    models.CharField(
                        help_text="The bank's own, or the file's SHA-256.", max_length=140, unique=True
                    ),
                ),
                ("imported_at", models.DateTimeField()),
                ("imported_by_id", models.UUIDField(help_text="The member of staff.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GatewayNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.SlugField(max_length=32)),
                ("event_id", models.CharField(max_length=200)),
                (
                    "about",
                    models.CharField(help_text="payment, setup, refund, dispute or nothing.", max_length=16),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="What the gateway calls the object.", max_length=200
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("applied_at__isnull", True)),
                        fields=["received_at"],
                        name="notices_to_apply",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "event_id"), name="a_notice_is_stored_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for its payment"),
                            ("placed", "Done"),
                            ("failed", "Not done"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("total_minor", models.BigIntegerField(help_text="To be paid now, tax included.")),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it was not done, as a code.", max_length=64),
                ),
                (
                    "confirmed_by_id",
                    models.UUIDField(
                        help_text="The user; null for what was ordered by preference.", null=True
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "placed", "failed"])),
                        name="order_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("account",),
                        name="one_order_waits_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Card"),
                            ("direct_debit", "Direct debit"),
                            ("transfer", "Invoice with bank transfer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "gateway",
                    models.SlugField(
                        blank=True, help_text="Who holds the details; empty for a transfer.", max_length=32
                    ),
                ),
                (
                    "token",
                    models.CharField(blank=True, help_text="What the gateway calls it.", max_length=200),
                ),
                ("brand", models.CharField(blank=True, max_length=32)),
                ("last_four", models.CharField(blank=True, max_length=4)),
                ("expires_month", models.PositiveSmallIntegerField(null=True)),
                ("expires_year", models.PositiveSmallIntegerField(null=True)),
                (
                    "expiry_told_days",
                    models.PositiveSmallIntegerField(
                        help_text="How many days before its end its owner was last told of it: 30 or 7.",
                        null=True,
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["card", "direct_debit", "transfer"])),
                        name="method_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True), ("removed_at__isnull", True)),
                        fields=("account",),
                        name="one_default_payment_method",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True), ("is_default", False), _connector="OR"
                        ),
                        name="a_removed_method_is_not_the_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "card"), _negated=True),
                            models.Q(
                                ("expires_month__range", (1, 12)),
                                ("expires_year__range", (2000, 2199)),
                                ("last_four__regex", "^[0-9]{4}$"),
                            ),
                            _connector="OR",
                        ),
                        name="a_card_shows_brand_digits_and_expiry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "gateway",
                    models.SlugField(help_text="`transfer` for what came in at the bank.", max_length=32),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intended", "About to be made"),
                            ("sent", "Asked of the gateway, no answer yet"),
                            ("needs_customer", "Waits for the customer's bank to be told by him"),
                            ("pending", "On its way"),
                            ("unknown", "Outcome unknown"),
                            ("succeeded", "Paid"),
                            ("failed", "Failed"),
                            ("cancelled", "Given up"),
                            ("reversed", "Taken back by the bank"),
                        ],
                        default="intended",
                        max_length=16,
                    ),
                ),
                (
                    "is_live",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                state__in=("intended", "sent", "needs_customer", "pending", "unknown"),
                                then=models.Value(value=True),
                            ),
                            default=models.Value(value=False),
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("applied_minor", models.BigIntegerField(default=0)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("reversed_minor", models.BigIntegerField(default=0)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="What the gateway calls it.", max_length=200),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it failed, as a code.", max_length=64),
                ),
                (
                    "next_url",
                    models.URLField(
                        blank=True, help_text="Where the customer agrees to it.", max_length=2000
                    ),
                ),
                ("customer_present", models.BooleanField(default=False)),
                (
                    "return_url",
                    models.URLField(
                        blank=True, help_text="Where he goes when he has agreed.", max_length=2000
                    ),
                ),
                ("intended_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(help_text="Since when an answer is waited for.", null=True)),
                (
                    "asked_at",
                    models.DateTimeField(
                        help_text="When the gateway was last asked what became of it.", null=True
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(help_text="When it succeeded, failed or was given up.", null=True),
                ),
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
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="payments.order",
                    ),
                ),
                (
                    "method",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="payments.paymentmethod",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_live", True)), fields=["sent_at"], name="live_payments"
                    ),
                    models.Index(fields=["account", "intended_at"], name="payments_of_an_account"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "intended",
                                    "sent",
                                    "needs_customer",
                                    "pending",
                                    "unknown",
                                    "succeeded",
                                    "failed",
                                    "cancelled",
                                    "reversed",
                                ],
                            )
                        ),
                        name="payment_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a_payment_is_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("document__isnull", True), ("order__isnull", True), _connector="OR"
                        ),
                        name="a_payment_is_for_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_minor__gte", 0),
                            ("returned_minor__gte", 0),
                            ("reversed_minor__gte", 0),
                            (
                                "amount_minor__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("applied_minor"), "+", models.F("returned_minor")
                                    ),
                                    "+",
                                    models.F("reversed_minor"),
                                ),
                            ),
                        ),
                        name="no_more_is_used_than_was_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_minor__gte", models.F("returned_minor")),
                            ("refunded_minor__lte", models.F("amount_minor")),
                        ),
                        name="no_more_is_refunded_than_was_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("succeeded", "reversed")),
                            models.Q(
                                ("applied_minor", 0),
                                ("refunded_minor", 0),
                                ("returned_minor", 0),
                                ("reversed_minor", 0),
                            ),
                            _connector="OR",
                        ),
                        name="only_what_was_paid_is_used",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "reversed"), _negated=True),
                            models.Q(("applied_minor", 0), ("reversed_minor__gt", 0)),
                            _connector="OR",
                        ),
                        name="of_a_reversed_payment_something_was_taken_back",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("document",),
                        name="one_live_payment_of_a_document",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("order",),
                        name="one_live_payment_of_an_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("gateway", "reference"),
                        name="a_payment_is_known_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingTransfer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "bank_reference",
                    models.CharField(
                        help_text="The bank's own for this credit.", max_length=140, unique=True
                    ),
                ),
                ("booked_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("payer", models.CharField(blank=True, max_length=140)),
                (
                    "payer_account",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="His IBAN, where the bank tells it.",
                        max_length=34,
                    ),
                ),
                (
                    "remittance",
                    models.CharField(blank=True, help_text="What the payer wrote.", max_length=1000),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unmatched", "To be matched"),
                            ("booked", "Booked"),
                            ("ignored", "Not a payment of a customer"),
                        ],
                        default="unmatched",
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(help_text="When it was booked or ignored.", null=True)),
                (
                    "decided_by_id",
                    models.UUIDField(help_text="The member of staff; null for a certain match.", null=True),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Why it is ignored, or was taken up again.",
                        max_length=300,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="payments.bankstatement",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "unmatched")),
                        fields=["booked_on", "id"],
                        name="transfers_to_match",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", "booked"), models.Q(("payer_account", ""), _negated=True)
                        ),
                        fields=["payer_account"],
                        name="transfers_of_a_payer",
                    ),
                    models.Index(fields=["-booked_on", "-id"], name="transfers_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unmatched", "booked", "ignored"])),
                        name="transfer_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a_transfer_is_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment__isnull", False), ("state", "booked")),
                            models.Q(models.Q(("state", "booked"), _negated=True), ("payment__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_booked_transfer_has_its_payment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("reference", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="payments.payment",
                    ),
                ),
                (
                    "answer_by",
                    models.DateTimeField(help_text="Until when the gateway takes an answer.", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "won", "lost"])),
                        name="dispute_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a_dispute_is_of_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intended", "About to be made"),
                            ("sent", "Asked of the gateway, no answer yet"),
                            ("pending", "On its way"),
                            ("unknown", "Outcome unknown"),
                            ("succeeded", "Refunded"),
                            ("failed", "Failed"),
                        ],
                        default="intended",
                        max_length=16,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "reference",
                    models.CharField(blank=True, help_text="What the gateway calls it.", max_length=200),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it failed, as a code.", max_length=64),
                ),
                ("why", models.CharField(blank=True, help_text="Why a person asked for it.", max_length=300)),
                ("intended_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
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
                        related_name="+",
                        to="invoices.document",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["intended", "sent", "pending", "unknown", "succeeded", "failed"])
                        ),
                        name="refund_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a_refund_is_of_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Setup",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("gateway", models.SlugField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Card"),
                            ("direct_debit", "Direct debit"),
                            ("transfer", "Invoice with bank transfer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for the customer"),
                            ("done", "Added"),
                            ("failed", "Not added"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, help_text="What the gateway calls it.", max_length=200),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True, help_text="The gateway's page, once it is known.", max_length=2000
                    ),
                ),
                (
                    "return_url",
                    models.URLField(
                        blank=True, help_text="Where the customer goes afterwards.", max_length=2000
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="Why nothing was added.", max_length=64)),
                ("begun_by_id", models.UUIDField(help_text="The user.", null=True)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "method",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.paymentmethod",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.paymentmethod",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["card", "direct_debit", "transfer"])),
                        name="setup_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "failed"])),
                        name="setup_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("gateway", "reference"),
                        name="a_setup_is_known_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("method__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_setup_that_is_done_made_a_method",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dunning",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("begun_at", models.DateTimeField()),
                ("steps_done", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True, choices=[("paid", "Paid"), ("stopped", "Stopped by staff")], max_length=16
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoices.document"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["next_at"],
                        name="dunnings_by_next_step",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("invoice",),
                        name="one_dunning_of_an_invoice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", ""), ("ended_at__isnull", True)),
                            models.Q(("end__in", ["paid", "stopped"]), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_dunning_ends_somehow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayCustomer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("gateway", models.SlugField(max_length=32)),
                ("reference", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "gateway"), name="one_customer_at_a_gateway")
                ],
            },
        ),
        migrations.CreateModel(
            name="Quotation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=64, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Waits for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="sent",
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                (
                    "valid_until",
                    models.DateField(
                        help_text="The last day on which it can be accepted, in the account's zone."
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("now_minor", models.BigIntegerField()),
                ("now_tax_minor", models.BigIntegerField()),
                ("following_minor", models.BigIntegerField(null=True)),
                ("following_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("sent_by_id", models.UUIDField(help_text="Who of the staff.", null=True)),
                (
                    "ended_at",
                    models.DateTimeField(help_text="When it was accepted, declined or withdrawn.", null=True),
                ),
                ("answer", models.CharField(blank=True, help_text="Why it was declined.", max_length=1000)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        help_text="Who accepted or declined.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licences.licencerequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-sent_at"], name="quotations_of_an_account"),
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["valid_until"],
                        name="quotations_that_wait",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "accepted", "declined", "withdrawn"])),
                        name="quotation_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_quotation_that_waits_has_no_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="what_is_accepted_names_its_figures",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["sent", "accepted"])),
                        fields=("request",),
                        name="a_request_is_answered_by_one_quotation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotationLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("number", models.PositiveIntegerField()),
                ("agreed", models.JSONField(blank=True, default=dict)),
                ("price", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.subscriptionitem",
                    ),
                ),
                (
                    "quotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.quotation",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="a_quotation_is_of_some_licences"
                    ),
                    models.UniqueConstraint(
                        fields=("quotation", "item"), name="one_line_an_item_of_a_quotation"
                    ),
                ],
            },
        ),
    ]
