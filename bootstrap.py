"""Make the environment that Seatledger runs in, then run the command inside it.

Uses the standard library alone: nothing else is there yet. What is installed, in which version and with
which content, is written in the lock files; from where is the business of the machine's own settings.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCKS = {"run": HERE / "requirements.lock", "test": HERE / "requirements-dev.lock"}
INSTALLER_LOCK = HERE / "requirements-installer.lock"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-core")


class Failed(Exception):
    """The environment cannot be made; the message says what to do."""


def main(arguments: Sequence[str]) -> NoReturn:
    purpose = "test" if arguments[:1] == ["test"] else "run"
    try:
        # Where it is made already nothing is written: the directory may be somebody else's.
        if purpose == "test" or not is_made(purpose):
            with one_at_a_time():
                make_environment(purpose)
                if purpose == "test":
                    provide_browser()
    except (Failed, OSError) as failure:
        sys.exit(f"seatledger: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    if purpose == "test":
        os.chdir(HERE)
    os.execv(PYTHON, [str(PYTHON), "-m", "seatledger.faces.cli.main", *arguments])  # noqa: S606 -- no shell is wanted


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second caller wait until the first has made the environment."""
    (HERE / "var").mkdir(exist_ok=True)
    with (HERE / "var" / "bootstrap.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_environment(purpose: str) -> None:
    """Bring the environment to what the lock says, unless it is there already."""
    if is_made(purpose):
        return
    started = time.monotonic()
    say(f"Making the environment in {ENVIRONMENT.name} (once, and after each change of its lock) ...")
    stamp_file().unlink(missing_ok=True)
    if not python_works() or not succeeds([PYTHON, "-m", "uv", "--version"]):
        make_virtual_environment()
    install_requirements(LOCKS[purpose])
    install_ourselves()
    stamp_file().write_text(stamp_of(purpose), encoding="ascii")
    say(f"  the environment is ready after {time.monotonic() - started:.0f} s")


def is_made(purpose: str) -> bool:
    stamp = read_stamp()
    return any(stamp == stamp_of(name) for name in ("test", purpose))


def stamp_file() -> Path:
    return ENVIRONMENT / "seatledger-stamp"


def read_stamp() -> str:
    try:
        return stamp_file().read_text(encoding="ascii") if python_works() else ""
    except FileNotFoundError:
        return ""


def stamp_of(purpose: str) -> str:
    """Return what an environment is made of: its locks, its Python, and the place it was made for."""
    digest = hashlib.sha256(f"{purpose}\0{sys.version}\0{HERE}\0".encode())
    for file in (LOCKS[purpose], INSTALLER_LOCK, HERE / "pyproject.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def python_works() -> bool:
    """Say whether the environment's Python starts and is the one that runs now."""
    question = "import sys; print(sys.version)"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == sys.version


def make_virtual_environment() -> None:
    say("  a virtual environment")
    call([sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT])
    installers = (install_with_own_pip, install_with_bundled_pip, install_with_packaged_pip)
    if not any(install() for install in installers):
        raise Failed("pip is missing: install your system's packages for Python's pip or venv")


def install_with_own_pip() -> bool:
    """Let the pip of the Python that runs now install the installer: quicker than a pip of its own."""
    if find_spec("pip") is None:
        return False
    return succeeds([sys.executable, "-m", "pip", "--python", PYTHON, *PIP_INSTALL, INSTALLER_LOCK])


def install_with_bundled_pip() -> bool:
    """Unpack the pip that Python carries, which some systems leave out."""
    return succeeds([PYTHON, "-m", "ensurepip"]) and succeeds(
        [PYTHON, "-m", "pip", *PIP_INSTALL, INSTALLER_LOCK]
    )


def install_with_packaged_pip() -> bool:
    """Fetch the system's package of pip and try again."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install_packages("python3-venv", "python3-pip")
    return install_with_bundled_pip() or install_with_own_pip()


PIP_INSTALL = ("install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r")


def install_requirements(lock: Path) -> None:
    """Install what the lock names, and nothing that does not have the content it had when it was locked."""
    say(
        f"  {lock.name}: {sum('==' in line for line in lock.read_text(encoding='utf-8').splitlines())} packages"
    )
    if succeeds([*UV_INSTALL, "--require-hashes", "-r", lock]):
        return
    say("  uv did not manage; trying again with pip")
    if not succeeds([PYTHON, "-m", "pip", "--version"]):
        call([PYTHON, "-m", "ensurepip"])
    call([PYTHON, "-m", "pip", *PIP_INSTALL, lock])


# Compiled now, because where Python may not write its bytecode every start would compile everything again.
UV_INSTALL = (PYTHON, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON)


def install_ourselves() -> None:
    """Let Python find the package in `src`, where it can be changed without installing it again."""
    this = ("--no-deps", "--no-build-isolation", "-e", HERE)
    if not succeeds([*UV_INSTALL, *this]):
        call([PYTHON, "-m", "pip", "install", "-qq", *this])
    succeeds([PYTHON, "-m", "compileall", "-q", HERE / "src"])


def provide_browser() -> None:
    """Make sure that there is a Chromium for the journeys."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Failed("the tests need Chromium: install it, or name one with CHROMIUM=/path/to/chromium")
    say("Installing Chromium and its fonts (once) ...")
    install_packages(*BROWSER_PACKAGES)


def install_packages(*names: str) -> None:
    """Install Debian's packages, waiting for another installation to end."""
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    call([*command, "update"])
    call([*command, "install", "-y", "--no-install-recommends", *names])


def succeeds(command: Sequence[str | Path]) -> bool:
    """Say whether a command whose failure is no misfortune has worked."""
    return run(command).returncode == 0


def call(command: Sequence[str | Path]) -> None:
    """Run a command whose failure ends everything; what it said about it is shown."""
    answer = run(command)
    if answer.returncode != 0:
        sys.stderr.write(answer.stderr)
        raise Failed(f"`{' '.join(map(str, command))}` failed")


def run(command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
    # The certificates of the system are those its owner trusts, also where a company adds its own.
    variables = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1", "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=os.environ | variables, check=False, capture_output=True, text=True)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
