import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("events", "0001_initial"),
        ("licences", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("welcome", "Welcome, with a link to choose a password"),
                            ("password_reset", "A link to choose a new password"),
                            ("licences_requested", "A customer asks for more licences"),
                            ("domain_code", "The code that proves an e-mail domain"),
                            ("signup", "A link with which to open an account"),
                            ("signup_known", "Who signs up has an account already"),
                            ("joining", "A link with which to join an organisation"),
                            ("closure_requested", "A customer requests deletion of its account"),
                            ("closure_confirmed", "The request for deletion was received"),
                            ("closure_withdrawn", "The request for deletion was withdrawn"),
                            ("closure_announced", "The account is about to be closed"),
                            ("closure_done", "The account is closed"),
                            ("export_ready", "An archive can be downloaded"),
                            ("new_device", "A sign-in from a new device"),
                            ("administrator_given", "Somebody became an administrator"),
                            ("main_contact_chosen", "Somebody became the main contact"),
                            ("licences_changed", "Licences were changed for the account"),
                            ("licences_running_out", "Licences are nearly or all used up"),
                            ("trial_ending", "A trial ends soon"),
                            ("licences_expiring", "Licences expire soon"),
                            ("trial_ended", "A trial has ended"),
                            ("licences_ended", "Licences have ended"),
                            ("renewal_coming", "A subscription renews soon"),
                            ("invoice_issued", "An invoice"),
                            ("credit_note_issued", "A credit note"),
                            ("payment_received", "A payment was received"),
                            ("payment_failed", "A payment failed"),
                            ("payment_needs_you", "A payment waits for the customer's bank"),
                            ("payment_reversed", "A payment was taken back"),
                            ("refund_made", "A refund was made"),
                            ("card_expiring", "A card expires soon"),
                            ("payment_overdue", "A payment failed again"),
                            ("account_lapsed", "An account expired for want of payment"),
                            ("account_restored", "An account is active again"),
                            ("order_failed", "An order was not done"),
                            ("quotation_sent", "A quotation"),
                            ("quotation_accepted", "A customer accepted a quotation"),
                            ("quotation_declined", "A customer declined a quotation"),
                            ("quotation_withdrawn", "A quotation was withdrawn"),
                            ("webhook_disabled", "A webhook endpoint was switched off"),
                        ],
                        max_length=32,
                    ),
                ),
                ("cause", models.CharField(help_text="What it is about, once: `event:42`.", max_length=100)),
                ("recipient", models.EmailField(max_length=254)),
                ("about", models.JSONField(blank=True, default=dict, help_text="Ids of what it speaks of.")),
                ("queued_at", models.DateTimeField()),
                (
                    "claimed_at",
                    models.DateTimeField(help_text="Since when a job has had it in hand.", null=True),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="How often it could not be sent."),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, help_text="Why not, the last time.", max_length=300),
                ),
                ("try_at", models.DateTimeField(help_text="Not before this; null: at once.", null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "given_up_at",
                    models.DateTimeField(help_text="Since when nobody tries any more.", null=True),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="Who reads it, if a user does.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["queued_at"],
                        name="messages_to_send",
                    ),
                    models.Index(fields=["-queued_at", "-id"], name="messages_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cause", "recipient"), name="nobody_is_told_the_same_thing_twice"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True), ("given_up_at__isnull", True), _connector="OR"
                        ),
                        name="what_is_sent_is_not_given_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account__isnull", False), ("kind", "signup"), _connector="OR"),
                        name="a_message_is_an_accounts_or_about_a_sign_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "welcome",
                                    "password_reset",
                                    "licences_requested",
                                    "domain_code",
                                    "signup",
                                    "signup_known",
                                    "joining",
                                    "closure_requested",
                                    "closure_confirmed",
                                    "closure_withdrawn",
                                    "closure_announced",
                                    "closure_done",
                                    "export_ready",
                                    "new_device",
                                    "administrator_given",
                                    "main_contact_chosen",
                                    "licences_changed",
                                    "licences_running_out",
                                    "trial_ending",
                                    "licences_expiring",
                                    "trial_ended",
                                    "licences_ended",
                                    "renewal_coming",
                                    "invoice_issued",
                                    "credit_note_issued",
                                    "payment_received",
                                    "payment_failed",
                                    "payment_needs_you",
                                    "payment_reversed",
                                    "refund_made",
                                    "card_expiring",
                                    "payment_overdue",
                                    "account_lapsed",
                                    "account_restored",
                                    "order_failed",
                                    "quotation_sent",
                                    "quotation_accepted",
                                    "quotation_declined",
                                    "quotation_withdrawn",
                                    "webhook_disabled",
                                ],
                            )
                        ),
                        name="message_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter",
                        to="notifications.message",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MessageChoice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("account", "Administrators and the main contact"),
                                ("licences", "Licences that were changed, or are nearly used up"),
                                ("renewals", "Renewals, expiry dates and the end of a trial"),
                                ("billing", "Invoices and payments"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("de", "Deutsch")],
                        help_text="Empty: the account's, or English.",
                        max_length=8,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("topics__contained_by", ["account", "licences", "renewals", "billing"])
                        ),
                        name="topics_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "de"])),
                        name="language_of_messages_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolMark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("crossings", models.PositiveIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "pool",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="licences.pool"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("url", models.CharField(max_length=500)),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "event_types",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Names of event types; empty for all, those to come too.",
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("disabled_at", models.DateTimeField(null=True)),
                (
                    "disabled_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "Switched off by hand"),
                            ("failing", "Switched off after it had failed for three days"),
                            ("gone", "Switched off because the receiver said that it is gone (410)"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(help_text="Its deliveries are forgotten in their time.", null=True),
                ),
                ("tests_sent", models.PositiveIntegerField(default=0)),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, help_text="How many attempts in a row have failed."
                    ),
                ),
                ("failing_since", models.DateTimeField(null=True)),
                (
                    "probe_at",
                    models.DateTimeField(
                        help_text="It seems dead: what waits is held back, and one delivery is tried then.",
                        null=True,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("account", "url"),
                        name="an_address_is_told_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_at__isnull", True), ("disabled_because", "")),
                            models.Q(
                                ("disabled_at__isnull", False),
                                ("disabled_because__in", ["by_hand", "failing", "gone"]),
                            ),
                            _connector="OR",
                        ),
                        name="an_endpoint_is_disabled_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("failing_since__isnull", True), ("failures", 0), ("probe_at__isnull", True)
                            ),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="an_endpoint_that_fails_has_failed_since",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("event_type", models.CharField(max_length=64)),
                ("body", models.TextField(help_text="What is signed and sent, the same each time.")),
                ("queued_at", models.DateTimeField()),
                (
                    "asked_at",
                    models.DateTimeField(
                        help_text="Since when it is tried: since it was queued, or asked for again."
                    ),
                ),
                (
                    "tries",
                    models.PositiveIntegerField(default=0, help_text="How many have failed since then."),
                ),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "claimed_at",
                    models.DateTimeField(help_text="Since when a job has had it in hand.", null=True),
                ),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        help_text="None for a test.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notifications.webhookendpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("endpoint"),
                        models.OrderBy(models.F("queued_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="deliveries_by_time",
                    ),
                    models.Index(
                        models.F("endpoint"),
                        models.OrderBy(models.F("event"), nulls_first=True),
                        condition=models.Q(("next_at__isnull", False)),
                        name="deliveries_that_wait",
                    ),
                    models.Index(
                        condition=models.Q(("claimed_at__isnull", False)),
                        fields=["endpoint", "claimed_at"],
                        name="deliveries_in_hand",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "endpoint"), name="an_endpoint_is_told_an_event_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("delivered_at__isnull", True),
                                ("given_up_at__isnull", True),
                                ("next_at__isnull", False),
                            ),
                            models.Q(
                                ("claimed_at__isnull", True),
                                ("delivered_at__isnull", False),
                                ("next_at__isnull", True),
                                ("given_up_at__isnull", True),
                            ),
                            models.Q(
                                ("claimed_at__isnull", True),
                                ("delivered_at__isnull", True),
                                ("next_at__isnull", True),
                                ("given_up_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_delivery_is_due_delivered_or_given_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
                (
                    "status",
                    models.PositiveSmallIntegerField(help_text="None when there was no answer.", null=True),
                ),
                ("answer", models.TextField(blank=True, help_text="How its body begins.")),
                (
                    "problem",
                    models.CharField(blank=True, help_text="Why there was no answer.", max_length=200),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="notifications.webhookdelivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sealed", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "ends_at",
                    models.DateTimeField(
                        help_text="A newer one has replaced it; until then both sign.", null=True
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="notifications.webhookendpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at__isnull", True)),
                        fields=("endpoint",),
                        name="an_endpoint_has_one_newest_secret",
                    )
                ],
            },
        ),
    ]
