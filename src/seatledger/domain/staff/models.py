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
