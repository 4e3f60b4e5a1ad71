import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from seatledger.shared.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=100)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("support", "Support"),
                            ("billing", "Billing"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("totp_secret", models.TextField(help_text="Sealed.")),
                (
                    "totp_last_step",
                    models.BigIntegerField(
                        default=0, help_text="The newest code that was used, as its step."
                    ),
                ),
                (
                    "recovery_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "wrong_since_at",
                    models.DateTimeField(help_text="When the first of the wrong tries was.", null=True),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "invited_at",
                    models.DateTimeField(help_text="When the newest link for setting up was made."),
                ),
                (
                    "set_up_at",
                    models.DateTimeField(
                        help_text="When password and authenticator app were set up.", null=True
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(help_text="When the person stopped being staff.", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="an_email_belongs_to_one_member_of_staff",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["support", "billing", "administrator"])),
                        name="staff_role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffDeed",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("deed", models.CharField(max_length=32)),
                ("arguments", models.JSONField()),
                ("figures", models.JSONField(help_text="What was shown to whoever asked for it.")),
                ("reason", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second person"),
                            ("done", "Done"),
                            ("declined", "Declined"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.staffmember"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.staffmember",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about", "-asked_at"], name="deeds_by_account"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["asked_at"], name="deeds_that_wait"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "declined"])),
                        name="staff_deed_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"), ("decided_at__isnull", False), _connector="XOR"
                        ),
                        name="a_deed_that_waits_was_not_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffAct",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("invited", "Link for setting up made"),
                            ("set_up", "Password and authenticator app set up"),
                            ("signed_in", "Signed in"),
                            ("used_recovery_code", "Signed in with a recovery code"),
                            ("new_recovery_codes", "New recovery codes made"),
                            ("locked", "Locked for some minutes after wrong tries"),
                            ("role_changed", "Role changed"),
                            ("ended", "Access ended"),
                        ],
                        max_length=24,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by_id",
                    models.UUIDField(
                        help_text="The member of staff who did it; none means the operator.", null=True
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=100)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="staff.staffmember",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at", "-id"], name="staff_acts_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "added",
                                    "invited",
                                    "set_up",
                                    "signed_in",
                                    "used_recovery_code",
                                    "new_recovery_codes",
                                    "locked",
                                    "role_changed",
                                    "ended",
                                ],
                            )
                        ),
                        name="staff_act_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.staffmember"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("began_at"))),
                        name="a_view_ends_after_it_began",
                    )
                ],
            },
        ),
    ]
