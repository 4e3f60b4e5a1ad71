"""Where the processes of one web server add up what they count."""

import os
import shutil
import socket
from pathlib import Path

FOLDER = "metrics"


def shared_folder(state: Path) -> Path:
    """Return the folder of this web server, told by its number and the instant it started: a new one counts anew.

    The processes of one server have the same parent.
    """
    return state / FOLDER / f"{socket.gethostname()}.{mark_of(os.getppid())}"


def mark_of(pid: int) -> str:
    """Return a process's number with the instant it started, which tells it from a later one of the same number."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{pid}-0"
    return f"{pid}-{said.rpartition(')')[2].split()[19]}"


def make_folder(ours: Path) -> None:
    """Make the folder, and remove what earlier servers of this machine have left behind."""
    ours.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in ours.parent.glob(f"{socket.gethostname()}.*"):
        mark = other.name.rpartition(".")[2]
        if mark_of(int(mark.partition("-")[0])) != mark:
            shutil.rmtree(other, ignore_errors=True)
