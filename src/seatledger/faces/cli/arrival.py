"""`seatledger arrival`: what the region an account leaves asks of this one. People run `seatledger account move`."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

import click
from django.conf import settings
from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.moves.actions import drop_arrival, open_arrival, receive
from seatledger.domain.moves.offers import check_offer
from seatledger.domain.moves.seals import own_public_key

ACCOUNT_ID = click.argument("account_id", type=click.UUID)


@click.group()
def arrival() -> None:
    """Answer the region that an account leaves. It asks by itself, as part of `account move`."""


@arrival.command()
def expect() -> None:
    """Say whether an account fits in here, told on standard input, and with which key to seal its secrets."""
    check_offer(json.load(sys.stdin))
    _answer({"region": settings.SEATLEDGER_REGION, "public_key": own_public_key()})


@arrival.command(name="receive")
def receive_() -> None:
    """Put the account on standard input in its place, and say what has arrived."""
    folder = Path(settings.SEATLEDGER_STATE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".move") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        _answer(receive(path=Path(file.name), at=timezone.now(), by=Actor.admin_team()))


@arrival.command(name="open")
@ACCOUNT_ID
def open_(account_id: UUID) -> None:
    """Let an account that has arrived go on here."""
    account = open_arrival(account_id=account_id, at=timezone.now(), by=Actor.admin_team())
    _answer({"serial_number": account.serial_number})


@arrival.command()
@ACCOUNT_ID
def drop(account_id: UUID) -> None:
    """Remove an account that has arrived and stays where it was."""
    drop_arrival(account_id=account_id, at=timezone.now(), by=Actor.admin_team())
    _answer({})


def _answer(said: Mapping[str, object]) -> None:
    click.echo(json.dumps(said))
