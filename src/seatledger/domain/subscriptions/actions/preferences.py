"""How an account wants new users to be treated."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.licences.limits import check_total
from seatledger.domain.subscriptions.models import OnJoining, OnNoneLeft, Preferences


@dataclass(frozen=True)
class PreferencesChanged(Happening):
    on_joining: str
    on_none_left: str
    most_licences: int | None


@dataclass(frozen=True)
class NewUserRules:
    """What happens when a user joins, when no licence is left, and how far licences are then added (None: no limit)."""

    on_joining: OnJoining
    on_none_left: OnNoneLeft
    most_licences: int | None = None


@transaction.atomic
def change_preferences(*, account: Account, new: NewUserRules, at: datetime, by: Actor) -> bool:
    """Treat new users by these rules from now on. Returns False when it is so already. Raises UnlikelyNumber."""
    if new.most_licences is not None:
        check_total(new.most_licences)
    account = lock_account(account)
    kept = Preferences.objects.filter(account=account).first() or Preferences(account=account)
    said = (new.on_joining.value, new.on_none_left.value, new.most_licences)
    if (kept.on_joining, kept.on_none_left, kept.most_licences) == said:
        return False
    kept.on_joining, kept.on_none_left, kept.most_licences = said
    kept.save()
    record(PreferencesChanged(*said), account=account, at=at, by=by)
    return True
