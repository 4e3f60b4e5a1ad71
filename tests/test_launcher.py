"""`./seatledger` finds a Python. The ones it finds here are scripts that say their name and hand over to this one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parent.parent / "seatledger"
GOOD = ""
OLD = 'case "$2" in *version_info*) exit 1 ;; esac'
# What Debian's is as long as the packages of pip and venv are missing.
BARE = 'case "$2" in *find_spec*) exit 1 ;; esac'


@pytest.fixture
def given_pythons(tmp_path):
    """Return a function that runs the launcher where there are these Pythons, the system's under its own name."""
    (tmp_path / "bootstrap.py").write_text("import sys; print('begins with', *sys.argv[1:])")
    launcher = tmp_path / "seatledger"
    launcher.write_text(LAUNCHER.read_text().replace("/usr/bin/python3", f"{tmp_path}/system"))

    def run(*, named: str = "", **pythons: str) -> subprocess.CompletedProcess[str]:
        for name, what in pythons.items():
            script = tmp_path / name
            script.write_text(
                f'#!/bin/sh\n{what}\n[ "$1" = -c ] || echo {name}\nexec {sys.executable} "$@"\n'
            )
            script.chmod(0o755)
        path = f"{tmp_path}{os.pathsep}/bin"
        environment = {"PATH": path} | ({"PYTHON": named} if named else {})
        return subprocess.run(
            ["/bin/sh", launcher, "run", "--port", "1"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"system": GOOD, "python3.13": GOOD}, "system"),
        ({"python3.13": GOOD, "python3.12": GOOD}, "python3.13"),
        ({"system": OLD, "python3.12": GOOD}, "python3.12"),
        ({"system": BARE, "python3.12": GOOD}, "python3.12"),
        ({"system": BARE, "python3.12": OLD}, "system"),
    ],
    ids=["the system's first", "then the newest", "none too old", "rather one with pip", "or one without"],
)
def test_the_best_python_is_taken(given_pythons, pythons, taken):
    others = dict.fromkeys(("python3.14", "python3.13", "python3.12", "python3.11", "python3"), OLD)
    ran = given_pythons(**{**others, **pythons})
    assert (ran.returncode, ran.stdout) == (0, f"{taken}\nbegins with run --port 1\n"), ran.stderr


def test_a_python_that_is_named_is_the_only_one_tried(given_pythons):
    ran = given_pythons(named="python3.12", **{"system": GOOD, "python3.12": GOOD})
    assert ran.stdout.splitlines()[0] == "python3.12"
    ran = given_pythons(named="python3.12", **{"system": GOOD, "python3.12": OLD})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Python 3.11 or newer is needed" in ran.stderr
    assert "PYTHON=/path/to/python3" in ran.stderr
