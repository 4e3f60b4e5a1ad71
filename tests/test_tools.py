"""What the tools say about the code: the same that `make check` asks them."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("ruff", "format", "--check", "."), id="format"),
        pytest.param(("ruff", "check", "."), id="rules"),
        pytest.param(("mypy",), id="types"),
        pytest.param(("lint-imports", "--no-logo"), id="floors"),
        pytest.param(("djlint", "--quiet", "--lint", "src"), id="templates"),
    ],
)
def test_a_tool_has_nothing_to_say(command):
    answer = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_lock_names_a_host():
    named = [lock.name for lock in REPOSITORY.glob("*.lock") if "://" in lock.read_text(encoding="utf-8")]
    assert named == []
