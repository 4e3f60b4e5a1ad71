"""Join an organisation by one's e-mail address."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import GivenBy, HeldBy
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.licences.actions import NewUser, add_user, assign_licence, change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.domains import domain_of
from seatledger.domain.subscriptions.following import apply_due_of
from seatledger.domain.subscriptions.happenings import UserJoined
from seatledger.domain.subscriptions.models import EmailDomain, OnJoining, OnNoneLeft, Preferences
from seatledger.domain.subscriptions.queries.to_come import get_subscription
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_email


@dataclass(frozen=True)
class Joiner:
    """Who joins. That the address is his own is proved already: by the link that was sent to it."""

    email: str
    first_name: str
    last_name: str


@transaction.atomic
def join_account(*, account: Account, joiner: Joiner, at: datetime, by: Actor) -> User:
    """Add a user with an address in one of the account's domains, with a licence as the account prefers.

    The user is active at once and is sent nothing. Raises NotFound where the account has not proved the domain,
    CannotJoin where a licence is to be given, none is left and none is to be added, and what adding a user raises.
    """
    email = clean_email(joiner.email)
    account = lock_account(account)
    domain = EmailDomain.objects.filter(
        account=account, domain=domain_of(email), verified_at__isnull=False
    ).first()
    if domain is None:
        raise NotFound("e-mail domain")
    apply_due_of(account, at=at, by=by)
    new = NewUser(joiner.first_name, joiner.last_name, email, invite=False)
    user = add_user(account=account, new=new, at=at, by=by)
    pool, added = _pool_for_newcomer(account, at=at, by=by)
    if pool is not None:
        assign_licence(pool=pool, user=user, at=at, by=by)
    joined = UserJoined(user_id=user.pk, domain_id=domain.pk, licence_added=added)
    record(joined, account=account, at=at, by=by)
    return user


def _pool_for_newcomer(account: Account, *, at: datetime, by: Actor) -> tuple[Pool | None, bool]:
    """Return the pool that a new user gets a licence of, if any, and whether one was added to it for that."""
    subscription = get_subscription(account)
    if subscription is None:
        return None, False
    course = load_course(subscription)
    rules = Preferences.objects.filter(account=account).first() or Preferences(account=account)
    paid = _paid_pool(course, at)
    if rules.on_joining == OnJoining.LEAVE or paid is None:
        return _free_pool(course, at), False
    if course.ends_at is not None and course.ends_at <= at:
        raise refusals.CannotJoin(
            f"The subscriptions of {account.name} have ended. Ask an administrator there to renew them."
        )
    if paid.available_licences:
        return paid, False
    more = paid.assigned_licences + 1
    if rules.on_none_left == OnNoneLeft.REFUSE or more > (rules.most_licences or more):
        raise refusals.CannotJoin(
            f"Every subscription of {account.name} is taken. Ask an administrator there to add one, and try again."
        )
    change_total(pool=paid, total=more, reason="A new user joined and none was left", at=at, by=by)
    return Pool.objects.select_related("account", "licence_type").get(pk=paid.pk), True


def _paid_pool(course: Course, at: datetime) -> Pool | None:
    """Return the pool whose licences users of the plan are given: the first that is bought by number."""
    return next((pool for pool in _pools_for_users(course, at) if pool.total_licences is not None), None)


def _free_pool(course: Course, at: datetime) -> Pool | None:
    """Return the pool that stands for the free plan: one that is not limited and costs nothing."""
    plan = course.plan_at(at)
    for pool in _pools_for_users(course, at):
        tariff = course.plan_for(plan, pool.licence_type_id)
        costs = tariff is not None and tariff.tariff.price.amount(1) != 0
        if pool.total_licences is None and not costs:
            return pool
    return None


def _pools_for_users(course: Course, at: datetime) -> list[Pool]:
    """Return the pools of the plan whose licences a user can hold alone."""
    plan = course.plan_at(at)
    return [
        item.pool
        for item in course.items
        if course.has_type(plan, item.pool.licence_type_id)
        and item.pool.licence_type.held_by == HeldBy.USER
        and item.pool.licence_type.given_by == GivenBy.ASSIGNMENT
        and not item.pool.licence_type.needs.exists()
    ]
