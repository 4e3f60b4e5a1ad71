"""The gallery shows every component; here it is parsed, and looked at by a browser in both themes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path
from playwright.sync_api import Browser, Page, expect, sync_playwright

from seatledger.faces.ui.gallery import show_gallery
from seatledger.faces.ui.theme import COOKIE, choose_theme

kit = ([path("theme", choose_theme, name="theme"), path("gallery", show_gallery, name="gallery")], "ui")
urlpatterns = [path("ui/", include(kit))]
pytestmark = pytest.mark.urls(__name__)

PARTS = ["", "?part=dialog", "?part=door"]
ERRORS = ["400", "403", "403_csrf", "404", "429", "500"]
# What stands in a panel must fit the panel too, or it would be cut off.
WIDTH_NEEDED = """() => document.documentElement.scrollWidth
    + Math.max(0, ...[...document.querySelectorAll(".panel")].map((panel) => panel.scrollWidth - panel.clientWidth))"""
RULES = {
    # Loading style sheets a second time, as the scan would like to, is what the content policy refuses.
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        """Say nothing: a test's output is its own."""


@pytest.fixture(autouse=True)
def no_database(settings) -> None:
    """Leave out what opens a transaction or a session: the kit stands below both."""
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"


@pytest.fixture
def address(no_database) -> Iterator[str]:
    """Return where the gallery is served, without a database."""
    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, WSGIServer, QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/ui/gallery"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = next(
        path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()
    )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield started
        started.close()


def open_page(
    browser: Browser,
    address: str,
    *,
    width: int = 1440,
    theme: str = "light",
    own_font: bool = True,
    **more,
) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
    if not own_font:
        context.route("**/*.woff2", lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(5000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(address)
    page.evaluate("document.fonts.ready")
    return page


def violations(page: Page) -> list[str]:
    """Return what the checker finds wrong on a page: its rule and the first element that breaks it."""
    found = Axe().run(page, options=RULES)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found.response["violations"]]


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_valid(part):
    answer = Client().get(f"/ui/gallery{part}")
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.content.decode().strip())


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_page_is_valid_and_needs_nothing_from_the_request(code):
    written = render_to_string(f"{code}.html")
    html5lib.HTMLParser(strict=True).parse(written.strip())
    assert "<h1>" in written


def test_the_chosen_theme_is_on_the_page_before_any_script_runs():
    client = Client()
    assert 'data-theme="system"' in client.get("/ui/gallery").content.decode()
    client.cookies[COOKIE] = "dark"
    assert 'data-theme="dark"' in client.get("/ui/gallery").content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_no_width_makes_a_page_scroll_sideways(browser, address, part):
    # Source: WCAG 2.2, 1.4.10: 320 is a page of 1280 enlarged four times.
    widths = [320, 375, 480, 640, 768, 900, 960, 1024, 1280, 1440, 1920]
    page = open_page(browser, address + part)
    too_wide = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        needed = page.evaluate(WIDTH_NEEDED)
        if needed > width:
            too_wide[width] = needed
    assert too_wide == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_accessible(browser, address, part, width, theme):
    page = open_page(browser, address + part, width=width, theme=theme, reduced_motion="reduce")
    assert page.said == []
    assert violations(page) == []


@pytest.mark.parametrize("width", [375, 1440])
def test_the_gallery_is_accessible_before_its_font_has_come(browser, address, width):
    page = open_page(browser, address, width=width, own_font=False)
    assert not page.evaluate("document.fonts.check('16px Inter')")
    assert violations(page) == []


def test_a_link_opens_its_page_as_a_dialog_that_keeps_a_refused_form(browser, address):
    page = open_page(browser, address)
    page.get_by_role("link", name="New User").click()
    dialog = page.get_by_role("dialog", name="New User")
    expect(dialog.get_by_label("First name")).to_be_focused()
    dialog.get_by_label("First name").fill("Zoe")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_focused()
    expect(dialog.get_by_label("First name")).to_have_value("Zoe")
    dialog.get_by_label("Last name").fill("Ward")
    dialog.get_by_label("Email address").fill("zoe.ward@northwind.example")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Zoe was added.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_dialog_closes_and_gives_the_focus_back(browser, address):
    page = open_page(browser, address)
    opener = page.get_by_role("link", name="New User")
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert page.said == []


def test_the_sections_of_a_form_are_tabs_for_the_keyboard_too(browser, address):
    page = open_page(browser, f"{address}?part=dialog")
    page.get_by_role("tab", name="User information").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Roles", selected=True)).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Roles").get_by_label("Administrator")).to_be_visible()
    expect(page.get_by_label("First name")).to_be_hidden()


def test_select_all_selects_every_row_and_counts_them(browser, address):
    page = open_page(browser, address)
    expect(page.get_by_role("button", name="Deactivate")).to_be_disabled()
    page.get_by_label("Select all users").check()
    expect(page.get_by_text("5 selected")).to_be_visible()
    page.get_by_label("Select Ann Lee").uncheck()
    expect(page.get_by_text("4 selected")).to_be_visible()
    expect(page.get_by_role("button", name="Deactivate")).to_be_enabled()


def test_the_theme_changes_at_once_and_stays(browser, address):
    page = open_page(browser, address)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("button", name="Dark", pressed=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_message_can_be_dismissed(browser, address):
    page = open_page(browser, address)
    said = page.get_by_text("Ann Lee is active.")
    page.get_by_role("button", name="Dismiss this message").first.click()
    expect(said).to_have_count(0)


def test_everything_works_without_a_script(browser, address):
    page = open_page(browser, address, width=375, java_script_enabled=False)
    page.locator(".phone-menu summary").click()
    expect(page.get_by_role("link", name="Licence metrics")).to_be_visible()
    page.locator(".phone-menu summary").click()
    expect(page.get_by_label("Select all users")).to_be_hidden()
    expect(page.get_by_role("button", name="Deactivate")).to_be_enabled()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="New User").click()
    expect(page.get_by_role("heading", name="New User", level=1)).to_be_visible()
    expect(page.get_by_label("Administrator")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("3 things need your attention")
