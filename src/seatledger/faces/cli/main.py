"""The `seatledger` command: a face for operators. Each command lives in the module of its name."""

import gc
import os
from importlib import import_module
from importlib.util import find_spec

import click
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError
from psycopg.errors import UndefinedColumn, UndefinedTable

from seatledger import __version__
from seatledger.shared.errors import Refused, Unreachable

COMMANDS = {
    "run": "Start the portal: database, web server, worker and demo.",
    "cells": "Run a cell a region on this machine, to try regions out.",
    "test": "Run the tests.",
    "migrate": "Bring the database's tables up to date.",
    "web": "Serve the pages, and nothing else.",
    "worker": "Do the queued jobs, and those whose time has come.",
    "backup": "Write the whole database to a file.",
    "restore": "Fill an empty database from such a file; it stays quiet.",
    "quiet": "Send, charge and bill nothing until told to.",
    "resume": "Work again after a restore, and say what will be sent.",
    "demo": "Load the demo.",
    "catalogue": "Show and apply a catalogue of licence types and plans.",
    "seller": "Show and apply who sells, and at which rates of tax.",
    "staff": "Show and change who works in the console.",
    "account": "Add and change accounts.",
    "arrival": "Answer the region that an account moves from; it asks by itself.",
    "subscription": "Start, change, end and show what was agreed with an account.",
    "import": "Import people, devices and licences from a file.",
    "sync": "Bring synced licences in line with an outside list.",
    "pool": "Change the totals, dates and caps of licences.",
    "bill": "Charge what is due: invoices and credit notes.",
    "invoice": "Look at an invoice, credit it, declare it void, write it off.",
    "transfers": "Take bank statements in, and say whose the money is.",
    "payment": "Say what of payments waits for a person, and give money back.",
    "explain": "Say why a line of an invoice is what it is, and work it out again.",
    "closure": "Acknowledge, withdraw and bring forward the deletion of an account, and show it.",
    "verify-certificate": "Check a certificate of deletion; needs no database.",
    "reseal": "Seal every secret with the newest secret key, so that an earlier one can go.",
    "webhook": "Tell programs what happens: endpoints, secrets, deliveries.",
    "figures": "Work out the figures of the business now, as every night.",
    "verify": "Check the chains of events and of the licence ledger, and every amount.",
    "doctor": "Check everything that surrounds the portal, and say what to do.",
    "rate": "Work out the invoices of a contract in a file; needs no database.",
}
WITHOUT_DJANGO = {"run", "cells", "web", "test", "rate"}
REFUSED = 2
UNREACHABLE = 3


class Commands(click.Group):
    """Imports a command only when it is asked for, so that none waits for what another one needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name in COMMANDS if find_spec(module_of(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        if cmd_name not in WITHOUT_DJANGO:
            set_up_django()
        command: click.Command = getattr(import_module(module_of(cmd_name)), attribute_of(cmd_name))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refused, ImproperlyConfigured) as refusal:
            click.echo(f"seatledger: {refusal}", err=True)
            ctx.exit(REFUSED)
        except Unreachable as failure:
            click.echo(f"seatledger: {failure}", err=True)
            ctx.exit(UNREACHABLE)
        except DatabaseError as failure:
            words = words_about(failure)
            if not words:
                raise
            click.echo(f"seatledger: {words}", err=True)
            ctx.exit(UNREACHABLE)


def words_about(failure: DatabaseError) -> str:
    """Return what to do about a database that is away or not prepared; nothing where the failure is another one."""
    cause = failure.__cause__
    if isinstance(cause, UndefinedTable | UndefinedColumn):
        return "The database has not the tables of this version. Make them with `seatledger migrate`, or start with `seatledger run`."
    if isinstance(cause, psycopg.OperationalError) and not cause.sqlstate:
        said = str(cause).strip().partition("\n")[0].rstrip(".")
        return f"The database does not answer: {said}. `seatledger doctor` looks at what surrounds it."
    return ""


def attribute_of(name: str) -> str:
    """Return the command's name in Python, where `import` is taken."""
    return "import_" if name == "import" else name.replace("-", "_")


def module_of(name: str) -> str:
    return f"seatledger.faces.cli.{attribute_of(name)}"


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatledger.config.settings")
    import django  # noqa: PLC0415 -- a command without Django must not wait for it

    # What is loaded stays for good; to look through it for garbage again and again is a tenth of a command's start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seatledger")
def seatledger() -> None:
    """Run and look after Seatledger: licences and billing for software sold by the seat."""


def main() -> None:
    seatledger(prog_name="seatledger")


if __name__ == "__main__":
    main()
