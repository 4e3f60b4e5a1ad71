"""Erase what is held of a closed account, table by table, and issue the certificate that says so."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.certificates import issue_certificate
from seatledger.domain.closures.inventory import ERASED, KEPT, Erased, Kept
from seatledger.domain.closures.models import (
    Certificate,
    Closure,
    ClosureContact,
    ClosureState,
    ErasedTable,
    StepKind,
)
from seatledger.domain.closures.queries import get_certificate
from seatledger.domain.closures.refusals import TooLate
from seatledger.domain.closures.steps import hold_closure, take_step
from seatledger.domain.events.actions import Actor, queue_job
from seatledger.domain.notifications.letters.posting import forget_letters
from seatledger.domain.notifications.queries import has_mail_to_send
from seatledger.domain.payments.models import GatewayCustomer
from seatledger.domain.people.models import User

NAME_OF_A_CLOSED_ACCOUNT = "Closed account"
# So long before the last day allowed, mails that could not be sent hold nothing up any more.
_NO_LONGER_WAITED_FOR = 5


def erase(closure: Closure, *, at: datetime, by: Actor) -> Certificate | None:
    """Erase everything of a closed account that no duty keeps; returns the certificate.

    Each table commits by itself, with the number of its rows, so a process that dies is followed by another one.
    Returns None while there are mails to send about the closing. Raises TooLate unless the account is closed.
    """
    closure = Closure.objects.select_related("account").get(pk=closure.pk)
    if closure.state == ClosureState.ERASED:
        return get_certificate(closure.account)
    if closure.state != ClosureState.CLOSED:
        raise TooLate("Only a closed account is erased.")
    if _mails_are_waiting(closure, at):
        Closure.objects.filter(pk=closure.pk).update(held_up_by="Mails about the closing wait to be sent.")
        return None
    _erase_once(closure, "procrastinate_jobs", erase_jobs)
    _erase_once(closure, "django_session", erase_sessions)
    for kept in KEPT:
        _blank(closure, kept)
    for erased in ERASED:
        _erase_once(closure, erased.table, _way_to_erase(erased))
    forget_letters(str(closure.account_id))
    return _finish(closure, at=at, by=by)


def _way_to_erase(erased: Erased) -> Callable[[Account], tuple[int, str]]:
    if erased.table == GatewayCustomer._meta.db_table:
        return _erase_customers
    if erased.chained:
        return partial(_erase_chain, table=erased.table)
    return partial(_erase_rows, erased=erased)


def _erase_customers(account: Account) -> tuple[int, str]:
    """Erase what gateways call the account, and have each of them forget it: a job asks, until it was answered."""
    customers = GatewayCustomer.objects.filter(account=account)
    for customer in customers:
        queue_job("forget_customer", queue="payments", gateway=customer.gateway, reference=customer.reference)
    return customers.delete()[0], ""


def _mails_are_waiting(closure: Closure, at: datetime) -> bool:
    assert closure.erase_by is not None, "a closed account says when it is erased"
    if (closure.erase_by - at).days < _NO_LONGER_WAITED_FOR:
        return False
    return has_mail_to_send(closure.account)


@transaction.atomic
def _erase_once(closure: Closure, table: str, erase_rows: Callable[[Account], tuple[int, str]]) -> None:
    """Erase the account's rows of a table and write down how many there were, unless that is done."""
    account, closure = hold_closure(closure)
    if ErasedTable.objects.filter(closure=closure, table=table).exists():
        return
    rows, last_hash = erase_rows(account)
    ErasedTable.objects.create(account=account, closure=closure, table=table, rows=rows, last_hash=last_hash)


def _erase_rows(account: Account, erased: Erased) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("DELETE FROM {} WHERE ").format(Identifier(erased.table)) + SQL(erased.where),
            {"account": account.pk},
        )
        return cursor.rowcount, ""


def _erase_chain(account: Account, table: str) -> tuple[int, str]:
    """Erase a chain; the hash of its last row proves, beside a copy somebody kept, that the copy is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(hash, 'hex') FROM events_chainhead WHERE account_id = %s AND chain = %s",
            [account.pk, table],
        )
        head = cursor.fetchone()
        cursor.execute("SELECT erase_chain(%s, %s)", [account.pk, table])
        return int(cursor.fetchone()[0]), head[0] if head else ""


def erase_jobs(account: Account) -> tuple[int, str]:
    """Erase the jobs, done or waiting, that carry an address of the account's people or domains."""
    addresses = {
        *User.objects.filter(account=account).values_list("email", flat=True),
        *ClosureContact.objects.filter(account=account).values_list("email", flat=True),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE lower(args ->> 'email') = ANY(%s)",
            [sorted({address.lower() for address in addresses})],
        )
        return cursor.rowcount, ""


def erase_sessions(account: Account) -> tuple[int, str]:
    """Erase the sessions of the account's people: what a page had to tell them may wait there."""
    people = {str(pk) for pk in User.objects.filter(account=account).values_list("pk", flat=True)}
    theirs = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") in people
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0], ""


@transaction.atomic
def _blank(closure: Closure, kept: Kept) -> None:
    """Blank what could name a person in rows that stay. Done again, it changes nothing."""
    if not kept.blanked:
        return
    account, _ = hold_closure(closure)
    values = SQL(", ").join(
        SQL("{} = {}").format(Identifier(column), SQL(value)) for column, value in kept.blanked.items()
    )
    statement = SQL("UPDATE {} SET {} WHERE ").format(Identifier(kept.table), values) + SQL(kept.where)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"account": account.pk})


@transaction.atomic
def _finish(closure: Closure, *, at: datetime, by: Actor) -> Certificate:
    """Let the account's row, which the kept ones hang on, name nobody; issue the certificate."""
    account, closure = hold_closure(closure)
    if closure.state == ClosureState.ERASED:
        return get_certificate(closure.account)
    account.name, account.provider = NAME_OF_A_CLOSED_ACCOUNT, None
    account.save(update_fields=["name", "provider"])
    Closure.objects.filter(pk=closure.pk).update(state=ClosureState.ERASED, held_up_by="")
    take_step(closure, StepKind.ERASED, at=at, by=by)
    certificate = issue_certificate(closure, at=at)
    queue_job("make_certificate_pdf", queue="documents", closure_id=str(closure.pk))
    return certificate
