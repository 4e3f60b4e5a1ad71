"""Journeys: a real browser before the real web server, on a database of this test process's own.

The server runs as in production: as the web's database role, under the strict content policy, with files named by
content. Every page a journey ends on is scanned for accessibility, and the browser's console must stay empty.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from databases import database_url
from seatledger.config.children import Child, stop_children
from seatledger.config.preparation import collect_static
from seatledger.domain.people.models import User

PASSWORD = "correct horse battery staple"  # noqa: S105 -- of people who exist in tests alone
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Without these a browser as root does not start, or asks the outside world for things a test does not need.
CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 30
# A busy machine is late, not wrong: what has to be seen is waited for.
expect.set_options(timeout=1000 * PATIENCE_S)
# The browser's driver keeps an event loop running in this thread; Django would refuse the database for that alone.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@dataclass(frozen=True)
class Portal:
    """Where the portal is, and who visits it."""

    address: str
    visit_as: Callable[[User], Page]
    visit: Callable[[], Page]
    visit_without_script: Callable[[User], Page]


@pytest.fixture(scope="session")
def address(django_db_setup: None) -> Iterator[str]:
    """Start the web server on this process's database; returns its address."""
    state = Path(mkdtemp(prefix="sl-journeys-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with override_settings(
        STATIC_ROOT=state / "static",
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
    ):
        collect_static()
    command = (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--workers-kill-timeout", "5", "seatledger.config.wsgi:application"),
    )
    variables = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "seatledger.config.settings",
        "SEATLEDGER_DATABASE_ROLE": "web",
        "SEATLEDGER_PORT": str(port),
        "SEATLEDGER_SECRET_KEY": settings.SECRET_KEY,
        "SEATLEDGER_STATE": str(state),
    }
    with (state / "server.log").open("wb") as log:
        server = Child("web server", command, variables, log)
        server.start()
        wait_for(f"http://127.0.0.1:{port}/health", server, state / "server.log")
        yield f"http://127.0.0.1:{port}"
        stop_children([server])


def wait_for(url: str, server: Child, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 -- our own server
                return
        except OSError:
            assert server.is_running(), log.read_text(encoding="utf-8")
            time.sleep(0.1)
    pytest.fail(f"the web server does not answer: {log.read_text(encoding='utf-8')}")


# For one file at a time: while the driver's event loop runs, nothing else in this process can start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = CHROMIUM_ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    """Ask for this fixture to walk a journey in both themes."""
    return str(request.param)


@pytest.fixture
def portal(
    address: str, browser: Browser, transactional_db: None, request: pytest.FixtureRequest
) -> Iterator[Portal]:
    """Return the portal. When the journey is over, its last pages are scanned and the console must be empty."""
    chosen = request.getfixturevalue("theme") if "theme" in request.fixturenames else "light"
    contexts: list[BrowserContext] = []
    without_script: list[BrowserContext] = []  # the scanner is a script too
    said: list[str] = []

    def visit(*, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=address, color_scheme=chosen, locale="en-GB", java_script_enabled=script
        )
        contexts.append(context)
        if not script:
            without_script.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on(
            "console", lambda message: said.append(f"{page.url}: {message.text}") if is_new(message) else None
        )
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        return page

    def visit_as(user: User, *, script: bool = True) -> Page:
        page = visit(script=script)
        page.context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": address}])
        return page

    yield Portal(address, visit_as, visit, partial(visit_as, script=False))
    walked = list(said)  # the scanner's own styles are refused too, and say so
    for context in contexts:
        for page in context.pages if context not in without_script else ():
            scan(page)
        context.close()
    wait_until_idle()
    assert walked == []


def wait_until_idle() -> None:
    """Wait until no request is in the database any more, so that it can be emptied."""
    busy = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
    """
    deadline = time.monotonic() + PATIENCE_S
    with connection.cursor() as cursor:
        while cursor.execute(busy).fetchone() != (0,):
            assert time.monotonic() < deadline, "a request does not end"
            time.sleep(0.02)


def is_new(message: object) -> bool:
    """Tell whether a line of the console is a finding.

    A refusal's own status (4xx) is expected there; so is that who typed at once was quicker than the page's own focus.
    """
    text = getattr(message, "text", "")
    return not text.startswith(
        (
            "Failed to load resource: the server responded with a status of 4",
            "Autofocus processing was blocked",
        )
    )


def scan(page: Page) -> None:
    """Assert that the page as it stands has no accessibility violation (WCAG 2.2 AA and best practice)."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def session_of(user: User) -> str:
    """Sign a user in and return the session's key."""
    visitor = Client()
    with transaction.atomic():
        visitor.force_login(user)
    return visitor.cookies["sessionid"].value


def let_sign_in(user: User) -> User:
    """Give a user a password that the real server knows how to check."""
    user.password = make_password(PASSWORD, hasher="argon2")
    user.save(update_fields=["password"])
    return user
