"""`seatledger subscription`: start, change, end and show what was agreed with an account."""

from datetime import date, datetime
from typing import TypedDict, Unpack

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.queries import get_plan_version_for_operator
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.queries import today_of
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    cancel_subscription,
    change_plan,
    schedule_quantity,
    start_paying,
    start_subscription,
    withdraw_change,
)
from seatledger.domain.subscriptions.models import Subscription, TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement, get_subscription, list_changes_to_come
from seatledger.faces.cli.account import opened_at
from seatledger.faces.cli.parameters import ACCOUNT, DAY, INTERVAL, QUANTITY
from seatledger.faces.cli.plans import agreement_in_lines, change_in_words, interval_of, new_subscription
from seatledger.shared.errors import NotFound

SERIAL = click.argument("account", type=ACCOUNT, metavar="SERIAL")
BY_INTERVAL = click.option("--interval", type=INTERVAL, help="How often it pays; the plan's usual one.")
QUANTITIES = click.option(
    "--quantity", "quantities", type=QUANTITY, multiple=True, help="How many of a licence type: KEY=NUMBER."
)


class Choice(TypedDict):
    """The plan that `change` and `pay` are told."""

    interval: str | None
    quantities: tuple[tuple[str, int], ...]


@click.group()
def subscription() -> None:
    """Start, change, end and show what was agreed with an account."""


@subscription.command()
@SERIAL
@click.argument("plan")
@BY_INTERVAL
@QUANTITIES
@click.option("--trial", is_flag=True, help="Begin with a trial, as long as the plan says.")
@click.option("--contract", is_flag=True, help="Sold by contract: changes go through the sales people.")
@click.option("--on", "day", type=DAY, help="A past day on which it started; now unless given.")
def start(
    account: Account, plan: str, *, trial: bool, contract: bool, day: date | None, **said: Unpack[Choice]
) -> None:
    """Start a subscription of the account SERIAL to PLAN (its key)."""
    at = opened_at(day, zone=account.time_zone, now=timezone.now(), option="--on")
    new = new_subscription(
        get_plan_version_for_operator(plan, today_of(account, at)),
        currency=account.currency,
        interval=said["interval"],
        contract=contract,
        trial=trial,
        quantities=said["quantities"],
    )
    start_subscription(account=account, new=new, at=at, by=Actor.admin_team())
    _show(account)


@subscription.command()
@SERIAL
@click.argument("plan")
@BY_INTERVAL
@QUANTITIES
@click.option("--at-period-end", is_flag=True, help="When the period is over; at once unless given.")
@click.option("--new-anchor", is_flag=True, help="Count the periods from the change.")
def change(
    account: Account, plan: str, *, at_period_end: bool, new_anchor: bool, **said: Unpack[Choice]
) -> None:
    """Change the subscription of the account SERIAL to PLAN (its key)."""
    now = timezone.now()
    choice = _choice(account, plan, now, keeps_anchor=not new_anchor, **said)
    change_plan(
        subscription=_subscription(account),
        choice=choice,
        takes_effect=TakesEffect.AT_PERIOD_END if at_period_end else TakesEffect.AT_ONCE,
        at=now,
        by=Actor.admin_team(),
    )
    _show(account)


@subscription.command()
@SERIAL
@click.option("--plan", help="The key of the plan that follows the trial, where it is another one.")
@BY_INTERVAL
@QUANTITIES
@click.option("--at-trial-end", is_flag=True, help="When the trial is over; from today unless given.")
def pay(account: Account, plan: str | None, *, at_trial_end: bool, **said: Unpack[Choice]) -> None:
    """Let the trial of the account SERIAL become paid."""
    now = timezone.now()
    start_paying(
        subscription=_subscription(account),
        choice=_choice(account, plan, now, **said) if plan else None,
        takes_effect=TakesEffect.AT_PERIOD_END if at_trial_end else TakesEffect.AT_ONCE,
        at=now,
        by=Actor.admin_team(),
    )
    _show(account)


@subscription.command()
@SERIAL
@click.argument("licence_type", metavar="TYPE")
@click.argument("number", type=int)
def renew(account: Account, licence_type: str, number: int) -> None:
    """Let the account SERIAL have NUMBER licences of TYPE (its key) from the renewal on."""
    held = _subscription(account)
    item = held.items.select_related("pool").filter(pool__licence_type__key=licence_type).first()
    if item is None:
        raise NotFound("licence type", " in this subscription")
    schedule_quantity(subscription=held, item=item, quantity=number, at=timezone.now(), by=Actor.admin_team())
    _show(account)


@subscription.command()
@SERIAL
@click.option("--at-once", is_flag=True, help="With today; with the period unless given.")
@click.option("--on", "day", type=DAY, help="The last day of a contract for a fixed term.")
def end(account: Account, *, at_once: bool, day: date | None) -> None:
    """End the subscription of the account SERIAL."""
    if at_once and day:
        raise click.BadParameter("say either --at-once or a day.", param_hint="--on")
    cancel_subscription(
        subscription=_subscription(account),
        takes_effect=TakesEffect.AT_ONCE if at_once else TakesEffect.AT_PERIOD_END,
        last_day=day,
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    _show(account)


@subscription.command()
@SERIAL
@click.argument("change_id", type=click.UUID, metavar="CHANGE")
def withdraw(account: Account, change_id: object) -> None:
    """Withdraw a change to come of the account SERIAL; `show` says which there are."""
    waiting = [one.change for one in list_changes_to_come(account) if one.change.pk == change_id]
    if not waiting:
        raise NotFound("change to come")
    withdraw_change(change=waiting[0], at=timezone.now(), by=Actor.admin_team())
    click.echo(f"Withdrawn: {change_in_words(waiting[0])}")


@subscription.command()
@SERIAL
def show(account: Account) -> None:
    """Show what was agreed with the account SERIAL, and what is to come."""
    _show(account)


def _show(account: Account) -> None:
    agreed = get_agreement(account, at=timezone.now())
    if agreed is None:
        click.echo("No subscription.")
        return
    for line in agreement_in_lines(agreed):
        click.echo(line)


def _subscription(account: Account) -> Subscription:
    found = get_subscription(account)
    if found is None:
        raise NotFound("subscription")
    return found


def _choice(
    account: Account, plan: str, now: datetime, *, keeps_anchor: bool = True, **said: Unpack[Choice]
) -> PlanChoice:
    version = get_plan_version_for_operator(plan, today_of(account, now))
    return PlanChoice(
        version=version,
        interval=interval_of(version, currency=account.currency, interval=said["interval"]),
        quantities=dict(said["quantities"]),
        keeps_anchor=keeps_anchor,
    )
