"""Run the `seatledger` command inside the test's own process and database."""

from click.testing import CliRunner

from seatledger.faces.cli.main import seatledger


def run_command(*arguments: object) -> tuple[int, str]:
    """Run the command as a shell would; returns its exit code and everything it printed."""
    result = CliRunner().invoke(seatledger, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
