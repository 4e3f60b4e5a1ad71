"""A member of staff goes from a figure of the business to the entries that made it, and back."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.staff.permissions import StaffRole
from selling import given_subscription
from staffing import console_member, sign_in_to_console
from support import STAFF, given_account, given_pool


def given_business() -> None:
    """Ash pays for ten licences, since a month ago for twelve; those of Dogwood end in twenty days."""
    now = timezone.now()
    ash = given_account("Ash")
    given_subscription(ash, quantities={"professional-user": 10}, at=now - timedelta(days=70))
    pool = Pool.objects.get(account=ash, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="Two more", at=now - timedelta(days=35), by=STAFF)
    given_pool(given_account("Dogwood"), total_licences=7, expires_on=now.date() + timedelta(days=20))
    reckon_figures(at=now)


def open_figures(portal) -> Page:
    billing = console_member("Bram Olsen", StaffRole.BILLING)
    page = portal.visit()
    sign_in_to_console(page, billing)
    page.get_by_role("link", name="Figures", exact=True).first.click()
    expect(page.get_by_role("heading", name="Figures", level=1)).to_be_visible()
    return page


def leave_open(page: Page) -> None:
    """Leave a page as it is now open beside: it is scanned once the journey is over."""
    page.context.new_page().goto(page.url)


def test_staff_follow_a_figure_to_its_entries_and_come_back(portal, theme):
    given_business()
    page = open_figures(portal)
    revenue = page.get_by_role("region", name="Recurring revenue a month")
    revenue.get_by_text("Show as a table").click()
    expect(revenue.get_by_role("table")).to_be_visible()
    leave_open(page)
    revenue.get_by_role("cell", name="\N{POUND SIGN}24.00").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Expansion in GBP")
    expect(page.locator(".stats")).to_contain_text("\N{POUND SIGN}24.00")
    leave_open(page)
    page.get_by_role("row", name="Ash").get_by_role("link", name="Ash").click()
    made_of = page.get_by_role("table", name="What the revenue is made of")
    expect(made_of.get_by_role("row", name="All together")).to_contain_text("\N{POUND SIGN}24.00")
    leave_open(page)
    made_of.get_by_role("link", name="Professional User").click()
    entries = page.get_by_role("row").filter(has_text="Two more")
    expect(entries.get_by_role("cell", name="+2")).to_be_visible()
    for heading in ("Ash, ", "Expansion in GBP", "Figures"):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_staff_see_which_licences_end_and_when(portal):
    given_business()
    page = open_figures(portal)
    ends = page.get_by_role("region", name="Licences that end, week by week")
    ends.get_by_text("Show as a table").click()
    ends.get_by_role("link", name="7", exact=True).click()
    row = page.get_by_role("row", name="Dogwood")
    expect(row).to_contain_text("Professional User")
    row.get_by_role("link", name="Dogwood").click()
    expect(page.get_by_role("heading", name="Dogwood", level=1)).to_be_visible()
