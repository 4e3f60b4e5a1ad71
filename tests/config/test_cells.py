"""`seatledger cells`: what each cell of a machine is told, and what is refused. Starting them is `run`, thrice."""

import shlex
from pathlib import Path

import pytest

from elsewhere import run
from seatledger.config.cells import Cells
from seatledger.config.environment import Environment, EnvironmentRefused, read_environment
from seatledger.config.regions import Region

SOMEWHERE = Path("/srv/tried out")


@pytest.fixture
def cells() -> Cells:
    return Cells(Environment(state=SOMEWHERE, port=8500))


def region(cells: Cells, key: str) -> Region:
    return next(each for each in cells.environment.regions if each.key == key)


def test_each_cell_has_its_own_place_port_and_region(cells, monkeypatch):  # A11
    told = {}
    for each in cells.environment.regions:
        with monkeypatch.context() as variables:
            for name, value in cells.variables_of(each).items():
                variables.setenv(name, value)
            found = read_environment()
        told[each.key] = found.region, found.port, str(found.state), found.public_address
        assert [(row.key, row.address) for row in found.regions] == [
            ("eu", "http://localhost:8500"),
            ("uk", "http://localhost:8501"),
            ("us", "http://localhost:8502"),
        ]
    assert told == {
        "eu": ("eu", 8500, "/srv/tried out/cells/eu", "http://localhost:8500"),
        "uk": ("uk", 8501, "/srv/tried out/cells/uk", "http://localhost:8501"),
        "us": ("us", 8502, "/srv/tried out/cells/us", "http://localhost:8502"),
    }


def test_a_cell_knows_how_to_run_commands_in_the_others(cells, monkeypatch):
    monkeypatch.setenv(
        "SEATLEDGER_CELL_COMMANDS",
        cells.variables_of(region(cells, "uk"))["SEATLEDGER_CELL_COMMANDS"],
    )
    commands = dict(read_environment().cell_commands)
    assert sorted(commands) == ["eu", "us"]
    assert commands["us"][:3] == (
        "env",
        "SEATLEDGER_STATE=/srv/tried out/cells/us",
        "SEATLEDGER_REGION=us",
    )
    assert shlex.join(commands["us"]) == cells.command_in(region(cells, "us"))


def test_a_command_for_no_region_is_refused(monkeypatch):
    monkeypatch.setenv("SEATLEDGER_CELL_COMMANDS", "mars|ssh mars seatledger")
    with pytest.raises(EnvironmentRefused) as refused:
        read_environment()
    assert str(refused.value) == "SEATLEDGER_CELL_COMMANDS names 'mars', which is no region"


def test_cells_have_databases_of_their_own():
    assert run("postgresql:///somebody", "cells", "up") == (
        2,
        "seatledger: each cell has its own database; unset DATABASE_URL\n",
    )


def test_nothing_runs_nothing_is_stopped_and_a_region_is_named(tmp_path):
    here = {"SEATLEDGER_STATE": str(tmp_path), "SEATLEDGER_PORT": "1"}
    assert run("", "cells", "down", **here) == (2, "seatledger: no cells are running\n")
    code, said = run("", "cells", "status", **here)
    assert (code, said.splitlines()[0]) == (1, "eu  away  http://localhost:1  EU/EEA (Germany West Central)")
    assert run("", "cells", "in", "mars", "verify", **here) == (
        2,
        (
            "seatledger: say one of the regions (eu, uk, us) and a command, such as `seatledger cells in eu verify`\n"
        ),
    )
