"""Where an embedded server keeps its files."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The files of one server, all below its own directory; only the socket may live elsewhere."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "postgres"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def programs(self) -> Path:
        """A copy of the programs, made only where an unprivileged user cannot reach the originals."""
        return self.root / "postgres-programs"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.root / "postgres-users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the one process that keeps the server running."""
        return self.root / "postgres-keeper.lock"

    @property
    def sockets(self) -> Path:
        """The directory of the socket: below the root, unless the path would be too long for the system."""
        place = self.root / "sockets"
        if len(os.fsencode(place / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return place
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"seatledger-{os.geteuid()}-{digest}"

    def make(self) -> None:
        """Make the directories, closed to everybody else. Raises PermissionError if one is not ours."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), NOBODY}:
            raise PermissionError(f"{self.sockets} belongs to somebody else")


NOBODY = 65534
