"""What the documents for operators promise is there, and what is there is told."""

import re
from pathlib import Path

from click import Group
from click.testing import CliRunner

from seatledger.config.environment import known_names
from seatledger.faces.cli.main import COMMANDS, seatledger
from seatledger.shared.gauges import all_gauges

REPOSITORY = Path(__file__).resolve().parent.parent
OPERATING = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
EVERYTHING = "\n".join(
    file.read_text(encoding="utf-8")
    for file in [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
)
EXAMPLES = [file for file in (REPOSITORY / "deploy").rglob("*") if file.is_file()]


def test_every_setting_that_is_told_exists():
    told = set(re.findall(r"\bSEATLEDGER_[A-Z_]*[A-Z]\b", EVERYTHING))
    in_examples = {
        name
        for file in EXAMPLES
        for name in re.findall(r"\bSEATLEDGER_[A-Z_]*[A-Z]\b", file.read_text(encoding="utf-8"))
    }
    assert (told | in_examples) - known_names() - {"SEATLEDGER_MAIL"} == set()


def test_every_command_is_told():
    told = set(re.findall(r"seatledger ([a-z-]+)", EVERYTHING))
    assert COMMANDS.keys() - told == set()


def test_every_command_that_is_told_exists():
    told = set(re.findall(r"`(?:\./)?seatledger ([a-z-]+)", EVERYTHING)) | set(
        re.findall(r"^\./seatledger ([a-z-]+)", EVERYTHING, re.MULTILINE)
    )
    assert told - COMMANDS.keys() == set()


def test_every_command_helps():
    helped = CliRunner().invoke(seatledger, ["--help"]).output
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", helped, re.MULTILINE)] == []
    assert isinstance(seatledger, Group)


def test_every_figure_is_told():
    names = {gauge.name for gauge in all_gauges()}
    assert {name for name in names if f"`{name}`" not in OPERATING} == set()


def test_every_example_is_told():
    assert {file.parent.name for file in EXAMPLES} - {"deploy"} == {
        folder for folder in ("systemd", "container", "proxy") if f"../deploy/{folder})" in OPERATING
    }


def test_every_decision_has_a_number_of_its_own_and_says_it():
    decisions = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    said = [re.match(r"# (\d+)\. ", file.read_text(encoding="utf-8")) for file in decisions]
    assert [int(one[1]) if one else None for one in said] == list(range(1, len(decisions) + 1))
