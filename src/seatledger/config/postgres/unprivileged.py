"""Run the server's programs, which refuse to be root, as somebody else when we are root.

In a user namespace of its own a program believes to be nobody while its files stay root's. Where such
namespaces are switched off, as in hardened containers, it really runs as nobody.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from seatledger.config.postgres.places import NOBODY, Places

NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")


@dataclass(frozen=True)
class Disguise:
    """Who the programs run as: what stands before their command, and which user owns their files."""

    before: tuple[str, ...] = ()
    user: int | None = None

    @property
    def groups(self) -> list[int] | None:
        return None if self.user is None else []


def choose_disguise() -> Disguise:
    if os.geteuid() != 0:
        return Disguise()
    if namespaces_work():
        return Disguise(before=NAMESPACE)
    return Disguise(user=NOBODY)


def namespaces_work() -> bool:
    try:
        answer = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)  # noqa: S603 -- constants
    except FileNotFoundError:
        return False
    return answer.returncode == 0


def hand_over(places: Places, binaries: Path, disguise: Disguise) -> Path:
    """Give the disguised user what he needs and return the programs he can reach."""
    if os.geteuid() != 0:
        return binaries
    owner = disguise.user or 0
    for place in (places.data, places.data.with_suffix(".init"), places.sockets):
        give(place, owner)
    if disguise.user is None:
        return binaries
    places.root.chmod(0o711)
    return binaries if reachable(binaries / "postgres") else copy_programs(binaries, places.programs)


def give(place: Path, owner: int) -> None:
    """Make the owner own the place and all below it, if he does not yet."""
    if not place.exists() or place.stat().st_uid == owner:
        return
    os.chown(place, owner, owner)
    for folder, folders, files in os.walk(place):
        for name in folders + files:
            os.chown(Path(folder, name), owner, owner, follow_symlinks=False)


def reachable(program: Path) -> bool:
    answer = subprocess.run(  # noqa: S603 -- the program is the server's own
        [program, "--version"], capture_output=True, check=False, user=NOBODY, group=NOBODY, extra_groups=[]
    )
    return answer.returncode == 0


def copy_programs(binaries: Path, target: Path) -> Path:
    """Copy the installation that holds `binaries` and return the copied directory of programs."""
    if not target.exists():
        unfinished = target.with_suffix(".init")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(binaries.parent, unfinished, symlinks=True)
        unfinished.rename(target)
    return target / binaries.name
