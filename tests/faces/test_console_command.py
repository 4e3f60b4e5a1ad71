"""The `seatledger` command lists what there is and turns refusals into one line."""

import pytest
from click.testing import CliRunner

from seatledger.faces.cli import main
from seatledger.faces.cli.main import Commands, attribute_of, module_of, seatledger
from seatledger.faces.cli.test import processes
from seatledger.shared.errors import Refused, Unreachable


def test_only_commands_that_are_there_are_listed(monkeypatch):
    monkeypatch.setattr(main, "COMMANDS", {"run": "Start.", "fly": "Leave."})
    answer = CliRunner().invoke(seatledger, ["--help"])
    assert answer.exit_code == 0
    assert answer.output.splitlines()[-2:] == ["Commands:", "  run  Start."]
    assert CliRunner().invoke(seatledger, ["fly"]).exit_code == 2


def test_a_command_named_like_a_word_of_python_has_a_module_of_its_own():
    assert (module_of("import"), attribute_of("import")) == ("seatledger.faces.cli.import_", "import_")


@pytest.mark.parametrize(
    ("failure", "line", "code"),
    [
        (Refused("Every licence is taken."), "seatledger: Every licence is taken.\n", 2),
        (
            Unreachable("The mail server does not answer."),
            "seatledger: The mail server does not answer.\n",
            3,
        ),
    ],
)
def test_a_refusal_is_one_line_and_a_code(failure, line, code):
    group = Commands("seatledger")

    @group.command()
    def fail() -> None:
        raise failure

    group.list_commands = lambda _ctx: ["fail"]
    group.get_command = lambda _ctx, _name: fail
    answer = CliRunner().invoke(group, ["fail"])
    assert (answer.exit_code, answer.stderr, answer.stdout) == (code, line, "")


@pytest.mark.parametrize("arguments", [("-n0",), ("-n", "3"), ("--pdb", "tests/engine"), ("-p", "no:xdist")])
def test_who_chooses_the_processes_of_the_tests_is_let(arguments):
    assert processes(arguments) == []


def test_the_tests_share_the_cores():
    assert processes(("-k", "money"))[0] == "-n"
