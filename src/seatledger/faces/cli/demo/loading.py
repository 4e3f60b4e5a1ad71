"""Load the demo: open each organisation in the past, and let its history happen through the real actions."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from procrastinate.contrib.django import app as jobs

import seatledger
from seatledger.domain.accounts.branding import change_brand
from seatledger.domain.accounts.models import Account, AccountKind
from seatledger.domain.catalogue.files import read_catalogue_file
from seatledger.domain.catalogue.queries import get_licence_type_for_operator, get_plan_version_for_operator
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind
from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.invoices.actions import apply_seller
from seatledger.domain.invoices.seller_files import read_seller_file
from seatledger.domain.licences.actions import (
    NewAccount,
    NewUser,
    RoleDetails,
    add_role,
    apply_catalogue,
    change_total,
    import_history,
    sync_licences,
)
from seatledger.domain.licences.importing.rows import read_history
from seatledger.domain.licences.queries import get_pool_by_key, list_pools
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    apply_due_changes,
    cancel_subscription,
    open_subscribed_account,
    start_paying,
)
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import get_subscription
from seatledger.faces.cli.demo.chapters import Decided, Ending, Line, Signed, Synced, Told
from seatledger.faces.cli.demo.chronicle import Chronicle
from seatledger.faces.cli.demo.here import clients_here, organisations_here, seller_here
from seatledger.faces.cli.demo.money import agree, bill_demo, name_recipient
from seatledger.faces.cli.demo.names import address_of
from seatledger.faces.cli.demo.offers import ask_and_offer
from seatledger.faces.cli.demo.organisations import HALDEN, Organisation

REPOSITORY = Path(seatledger.__file__).resolve().parents[2]
CATALOGUES = REPOSITORY / "catalogues"
SELLER = REPOSITORY / "sellers" / "sample.toml"
COLUMNS = (
    "at",
    "change",
    "email",
    "first_name",
    "last_name",
    "phone",
    "active",
    "roles",
    "licence",
    "device",
    "to_licence",
)
OPENING = time(9)


@dataclass(frozen=True)
class Loaded:
    """An organisation of the demo as an account, and who acts for it."""

    organisation: Organisation
    account: Account
    administrator: User


def load_demo(*, now: datetime, password: str) -> list[Account]:
    """Load every organisation, its history ending just before `now`. All of it or nothing."""
    with transaction.atomic():
        for path in sorted(CATALOGUES.glob("*.toml")):
            apply_catalogue(
                wanted=read_catalogue_file(path),
                effective_on=(now - timedelta(days=500)).date(),
                at=now,
                by=Actor.admin_team(),
            )
        apply_seller(wanted=seller_here(read_seller_file(SELLER)), at=now, by=Actor.admin_team())
        loaded: dict[str, Loaded] = {}
        for number, organisation in enumerate(organisations_here()):
            provider = loaded.get(organisation.provider)
            loaded[organisation.name] = _load(organisation, provider, now=now, random=Random(number))  # noqa: S311 -- a story, not a secret
        clients = [_load_client(client, now=now) for client in clients_here()]
        bill_demo({each.account: each.organisation for each in (*loaded.values(), *clients)}, now=now)
        asks = loaded.get(HALDEN.name)
        if asks:
            ask_and_offer(asks.account, asks.administrator, now=now)
        reckon_figures(at=now)
        _let_sign_in(password)
        # Its documents were issued in the past, where the job of every minute does not look.
        jobs.configure_task("render_old_documents").defer(timestamp=0)
    return [each.account for each in loaded.values()]


def sign_in_addresses(organisation: Organisation) -> list[tuple[str, str, str]]:
    """Return name, address and job of those who can sign in, the administrator first."""
    people = [(*organisation.administrator, "Administrator"), *organisation.colleagues]
    return [
        (f"{first_name} {last_name}", address_of(first_name, last_name, organisation.domain), job)
        for first_name, last_name, job in people
    ]


def _load(organisation: Organisation, provider: Loaded | None, *, now: datetime, random: Random) -> Loaded:
    zone = ZoneInfo(organisation.zone)
    today = now.astimezone(zone).date()
    opened_at = datetime.combine(today - timedelta(days=organisation.days), OPENING, tzinfo=zone)
    loaded = _open(organisation, provider, today=today, at=opened_at)
    _add_jobs(loaded, at=opened_at + timedelta(minutes=40))
    pools = list_pools(loaded.account)
    chronicle = Chronicle(
        organisation,
        opened_at,
        now,
        random,
        room={
            pool.licence_type.key: pool.total_licences for pool in pools if pool.total_licences is not None
        },
        ends_on={pool.licence_type.key: pool.expires_on for pool in pools if pool.expires_on},
    )
    for chapter in chronicle.chapters():
        match chapter:
            case Told(lines):
                _import(loaded, lines, now=now)
            case Decided():
                _decide(loaded, provider, chapter)
            case Synced():
                _sync(loaded, chapter)
            case Ending(at, last_day):
                _end(loaded, last_day, at=at)
            case Signed(at, agreed):
                agree(loaded.account, agreed, at=at)
    apply_due_changes(account=loaded.account, at=now, by=Actor.system())
    return loaded


def _load_client(client: Organisation, *, now: datetime) -> Loaded:
    """Open a small customer in the past and let its numbers change. Who paid for a trial agreed to while it ran."""
    zone = ZoneInfo(client.zone)
    today = now.astimezone(zone).date()
    opened_at = datetime.combine(today - timedelta(days=client.days), OPENING, tzinfo=zone)
    loaded = _open(client, None, today=today, at=opened_at)
    if client.trial and client.pays:
        subscription = get_subscription(loaded.account)
        assert subscription is not None, "every organisation subscribes as it is opened"
        start_paying(
            subscription=subscription,
            takes_effect=TakesEffect.AT_PERIOD_END,
            at=opened_at + timedelta(days=20),
            by=Actor.admin_team(),
        )
        apply_due_changes(account=loaded.account, at=opened_at + timedelta(days=31), by=Actor.system())
    for change in client.staff_changes:
        at = datetime.combine(today - timedelta(days=change.days_ago), OPENING, tzinfo=zone)
        _decide(loaded, None, Decided(at, change))
    return loaded


def _open(organisation: Organisation, provider: Loaded | None, *, today: date, at: datetime) -> Loaded:
    first_name, last_name = organisation.administrator
    account, administrator = open_subscribed_account(
        new=NewAccount(
            name=organisation.name,
            region=settings.SEATLEDGER_REGION,
            currency=organisation.currency,
            time_zone=organisation.zone,
            locale=organisation.locale,
            kind=AccountKind.PROVIDER if organisation.is_provider else AccountKind.CUSTOMER,
            provider=provider.account if provider else None,
        ),
        administrator=NewUser(
            first_name, last_name, address_of(first_name, last_name, organisation.domain), invite=False
        ),
        subscription=NewSubscription(
            version=get_plan_version_for_operator(organisation.plan, today),
            interval=organisation.interval,
            sold_by=organisation.sold_by,
            quantities=organisation.totals,
            trial=organisation.trial,
        ),
        last_day=_term_agreed_at_first(organisation, today),
        at=at,
        by=Actor.admin_team(),
    )
    if organisation.brand:
        change_brand(account=account, new=organisation.brand, at=at, by=Actor.admin_team())
    name_recipient(account, organisation, at=at + timedelta(minutes=20))
    return Loaded(organisation, account, administrator)


def _term_agreed_at_first(organisation: Organisation, today: date) -> date | None:
    term = organisation.term
    return None if term is None or term.days_ago is not None else today + timedelta(days=term.ends_in_days)


def _add_jobs(loaded: Loaded, *, at: datetime) -> None:
    for job in loaded.organisation.jobs:
        details = RoleDetails(
            name=job.name,
            description=job.description,
            permissions=job.permissions,
            licence_type_ids=[get_licence_type_for_operator(key).pk for key in job.gives],
        )
        add_role(account=loaded.account, details=details, at=at, by=Actor.user(loaded.administrator.pk))


def _import(loaded: Loaded, lines: Sequence[Line], *, now: datetime) -> None:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(lines)
    file = read_history(BytesIO(text.getvalue().encode()), zone=ZoneInfo(loaded.organisation.zone))
    import_history(account=loaded.account, file=file, at=now, by=Actor.user(loaded.administrator.pk))


def _decide(loaded: Loaded, provider: Loaded | None, decided: Decided) -> None:
    change, by = decided.change, Actor.admin_team()
    if change.by == "provider" and provider:
        by = Actor(ActorKind.PROVIDER, provider.administrator.pk, provider.account.name)
    change_total(
        pool=get_pool_by_key(loaded.account, change.licence),
        total=change.total,
        reason=change.reason,
        over_assign=change.over_assign,
        at=decided.at,
        by=by,
    )


def _end(loaded: Loaded, last_day: date, *, at: datetime) -> None:
    subscription = get_subscription(loaded.account)
    assert subscription is not None, "every organisation subscribes as it is opened"
    cancel_subscription(subscription=subscription, last_day=last_day, at=at, by=Actor.admin_team())


def _sync(loaded: Loaded, synced: Synced) -> None:
    kind = get_licence_type_for_operator(loaded.organisation.synced)
    users = User.objects.filter(account=loaded.account, is_active=True, email__in=synced.emails)
    sync_licences(
        account=loaded.account,
        wanted={(user_id, kind.pk) for user_id in users.values_list("pk", flat=True)},
        source=kind.sync_source,
        at=synced.at,
        by=Actor(ActorKind.SYNC, None, kind.sync_source.upper()),
    )


def _let_sign_in(password: str) -> None:
    """Give the few who sign in one password, hashed once: hashing is slow on purpose."""
    emails = [email for each in organisations_here() for _, email, _ in sign_in_addresses(each)]
    User.objects.filter(email__in=emails).update(password=make_password(password))
