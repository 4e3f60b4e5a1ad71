"""The vendor's staff: who they are, how they sign in, and what was done about them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from seatledger.domain.staff.permissions import ALLOWED, StaffRole
from seatledger.shared.models import one_of


class StaffMember(models.Model):
    """One person of the vendor. No user of any account, and never one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16, choices=StaffRole)
    password = models.CharField(max_length=128)
    totp_secret = models.TextField(help_text="Sealed.")
    totp_last_step = models.BigIntegerField(
        default=0, help_text="The newest code that was used, as its step."
    )
    recovery_hashes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    wrong_since_at = models.DateTimeField(null=True, help_text="When the first of the wrong tries was.")
    added_at = models.DateTimeField()
    invited_at = models.DateTimeField(help_text="When the newest link for setting up was made.")
    set_up_at = models.DateTimeField(null=True, help_text="When password and authenticator app were set up.")
    ended_at = models.DateTimeField(null=True, help_text="When the person stopped being staff.")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="an_email_belongs_to_one_member_of_staff"),
            one_of("role", StaffRole, name="staff_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def allowed(self) -> frozenset[str]:
        """The permissions of the member's role."""
        return ALLOWED[self.role]

    @property
    def may_sign_in(self) -> bool:
        return self.ended_at is None and self.set_up_at is not None


class StaffSession(AbstractBaseSession):
    """A sign-in to the console. A table of its own: a customer's session is no row of it and cannot become one."""

    def __str__(self) -> str:
        return f"a session until {self.expire_date}"


class StaffActKind(models.TextChoices):
    ADDED = "added", "Added"
    INVITED = "invited", "Link for setting up made"
    SET_UP = "set_up", "Password and authenticator app set up"
    SIGNED_IN = "signed_in", "Signed in"
    USED_RECOVERY_CODE = "used_recovery_code", "Signed in with a recovery code"
    NEW_RECOVERY_CODES = "new_recovery_codes", "New recovery codes made"
    LOCKED = "locked", "Locked for some minutes after wrong tries"
    ROLE_CHANGED = "role_changed", "Role changed"
    ENDED = "ended", "Access ended"


class StaffAct(models.Model):
    """What happened to a member of staff. What staff do to an account is among that account's events."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=24, choices=StaffActKind)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True, help_text="The member of staff who did it; none means the operator.")
    detail = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [one_of("kind", StaffActKind, name="staff_act_kind_is_known")]
        indexes = [models.Index(fields=["-at", "-id"], name="staff_acts_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class DeedState(models.TextChoices):
    WAITING = "waiting", "Waits for a second person"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"


class StaffDeed(models.Model):
    """What a member of staff did to an account, or asked a second person to approve: with what, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Not `account`: the account's own people never see these rows, whatever they are bound to.
    about = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    deed = models.CharField(max_length=32)
    arguments = models.JSONField()
    figures = models.JSONField(help_text="What was shown to whoever asked for it.")
    reason = models.CharField(max_length=300)
    # How much is at stake, as `deeds.base.Weight` says it.
    amount_minor = models.BigIntegerField(default=0)
    licences = models.BigIntegerField(default=0)
    days = models.IntegerField(default=0)
    state = models.CharField(max_length=16, choices=DeedState)
    asked_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", DeedState, name="staff_deed_state_is_known"),
            models.CheckConstraint(
                name="a_deed_that_waits_was_not_decided",
                condition=models.Q(state=DeedState.WAITING) ^ models.Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="no_deed_weighs_less_than_nothing",
                condition=models.Q(amount_minor__gte=0, licences__gte=0, days__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["about", "-asked_at"], name="deeds_by_account"),
            models.Index(
                fields=["asked_at"], condition=models.Q(state=DeedState.WAITING), name="deeds_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} for {self.about_id}"


class StaffView(models.Model):
    """A member of staff looks at the portal as an account's own people see it, for some minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_view_ends_after_it_began", condition=models.Q(ends_at__gt=models.F("began_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} looks at {self.about_id}"
