"""`seatledger test`: run the tests as everybody runs them."""

import os
import sys

import click

MOST_PROCESSES = 4
CHOSEN_BY_HAND = ("-n", "--numprocesses", "-p", "--pdb", "--collect-only", "--co")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the tests; ARGUMENTS are for pytest."""
    command = [sys.executable, "-m", "pytest", *processes(arguments), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 -- no shell is wanted


def processes(arguments: tuple[str, ...]) -> list[str]:
    """Return how many processes share the tests: one a core, unless the caller has chosen."""
    if any(argument.startswith(CHOSEN_BY_HAND) for argument in arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, MOST_PROCESSES)), "--dist", "worksteal"]
