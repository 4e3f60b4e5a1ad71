"""A page with every component and believable figures: the place to look at the design, and to test it."""

from datetime import UTC, date, datetime
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from seatledger.faces.ui.charts import BOUGHT, HELD, Bar, Fill, Series, Step, StepChart, Tile
from seatledger.faces.ui.menu import Banner, MenuGroup, MenuItem, Shell

NOW: Final = datetime(2026, 3, 31, 10, 5, tzinfo=UTC)

PEOPLE: Final = (
    (
        "Ann Lee",
        "ann.lee@northwind.example",
        "Administrator",
        "active",
        datetime(2026, 3, 31, 8, 41, tzinfo=UTC),
    ),
    ("Bartholomew Featherstonehaugh-Cholmondeley", "b.fc@northwind.example", "Billing", "active", NOW),
    ("Chidi Okafor", "chidi@northwind.example", "Support agent", "awaiting_activation", None),
    ("Dana Petrova", "dana.petrova@northwind.example", "Support agent, Reports", "deactivated", None),
    ("إيمان حداد", "iman@northwind.example", "Reports", "active", datetime(2026, 3, 30, 15, 2, tzinfo=UTC)),
)

POOLS: Final = (
    ("Managed Agent", 186, 200, date(2027, 2, 28), (120, 128, 131, 150, 152, 160, 171, 180, 186)),
    ("On-demand", 25, 25, date(2026, 8, 31), (10, 10, 12, 18, 20, 24, 25, 25, 25)),
    ("Analytics wallboard", 12, 10, date(2026, 8, 31), (4, 4, 6, 6, 9, 9, 10, 12, 12)),
    ("Essential User", 1204, None, None, (980, 1001, 1040, 1100, 1120, 1160, 1190, 1199, 1204)),
    ("Contact Centre Supervisor", 0, 5, date(2027, 2, 28), (2, 2, 1, 1, 0, 0, 0, 0, 0)),
)

CHART: Final = StepChart(
    id="managed-agent",
    title="Managed Agent licences, April 2025 to March 2026",
    description="Bought rose from 150 to 200 in two steps; 186 were held at the end.",
    start=date(2025, 4, 1),
    end=date(2026, 4, 1),
    series=(
        Series(
            "Held",
            HELD,
            tuple(
                Step(date(year, month, day), quantity)
                for year, month, day, quantity in (
                    (2025, 4, 1, 96),
                    (2025, 4, 22, 104),
                    (2025, 6, 3, 121),
                    (2025, 7, 15, 118),
                    (2025, 9, 1, 139),
                    (2025, 9, 24, 148),
                    (2025, 11, 10, 150),
                    (2025, 12, 8, 163),
                    (2026, 1, 12, 171),
                    (2026, 2, 2, 180),
                    (2026, 3, 9, 186),
                )
            ),
        ),
        Series(
            "Bought",
            BOUGHT,
            (Step(date(2025, 3, 1), 150), Step(date(2025, 12, 1), 175), Step(date(2026, 2, 1), 200)),
        ),
    ),
    fills=(
        Fill("INV-204", (Tile(date(2025, 4, 1), date(2026, 4, 1), 0, 150),)),
        Fill("INV-251", (Tile(date(2025, 12, 1), date(2026, 4, 1), 150, 175),)),
        Fill("INV-266", (Tile(date(2026, 2, 1), date(2026, 4, 1), 175, 200),)),
    ),
)

BARS: Final = (
    Bar("Managed Agent", 232_500, "£2,325.00"),
    Bar("On-demand", 61_250, "£612.50"),
    Bar("Analytics wallboard", 9_600, "£96.00"),
)


class NewUserForm(forms.Form):
    """The form of the New User dialog, as an example of every kind of field."""

    first_name = forms.CharField(max_length=100)
    last_name = forms.CharField(max_length=100)
    email = forms.EmailField(label="Email address", help_text="The invitation goes here.")
    phone = forms.CharField(required=False)
    random_password = forms.BooleanField(
        label="Set random password",
        initial=True,
        disabled=True,
        required=False,
        help_text="Always, for security.",
    )
    active = forms.BooleanField(
        initial=True,
        required=False,
        help_text="If you clear this, you and the user both have a step to take before the first sign-in.",
    )


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        choices=[("administrator", "Administrator"), ("billing", "Billing"), ("reports", "Reports")],
        required=False,
    )
    zone = forms.ChoiceField(
        label="Time zone", choices=[("Europe/London", "Europe/London"), ("Europe/Berlin", "Europe/Berlin")]
    )
    supervisor = forms.ChoiceField(
        label="Supervisor level",
        widget=forms.RadioSelect,
        choices=[("none", "None"), ("reports", "Reports"), ("live", "Live Analytics")],
        initial="none",
    )
    note = forms.CharField(label="Note for the history", widget=forms.Textarea, required=False)


def show_gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; `?part=` shows another kind of page: dialog, door or empty."""
    part = request.GET.get("part", "")
    if request.method == "POST":
        return _save(request)
    if part == "dialog":
        return _show_dialog(request, NewUserForm(), status=200)
    if part == "door":
        return render(request, "ui/gallery/door.html", {"form": NewUserForm()})
    refused = NewUserForm({"first_name": "Ann", "email": "ann.lee@northwind"}, auto_id="refused_%s")
    messages.success(request, "Ann Lee is active. Your next invoice will include her.")
    messages.error(request, "The invitation could not be sent. Check the address and send it again.")
    return render(
        request,
        "ui/gallery.html",
        {
            "shell": _shell(),
            "people": PEOPLE,
            "pools": POOLS,
            "chart": CHART,
            "bars": BARS,
            "refused": refused,
            "roles_form": RolesForm(auto_id="other_%s"),
            "now": NOW,
            "states": (
                "active",
                "deactivated",
                "trial",
                "expired",
                "full",
                "over_assigned",
                "synced",
                "scheduled",
            ),
        },
    )


def _save(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST)
    if not form.is_valid():
        return _show_dialog(request, form, status=422)
    messages.success(request, f"{form.cleaned_data['first_name']} was added.")
    return redirect("ui:gallery")


def _show_dialog(request: HttpRequest, form: NewUserForm, *, status: int) -> HttpResponse:
    context = {"shell": _shell(), "form": form, "roles_form": RolesForm()}
    return render(request, "ui/gallery/dialog.html", context, status=status)


def _shell() -> Shell:
    here = "ui:gallery"
    return Shell(
        brand="Seatledger",
        home_url=reverse(here),
        account_name="Northwind Traders",
        user_name="Ann Lee",
        user_email="ann.lee@northwind.example",
        sign_out_url=reverse(here),
        help_url=reverse(here),
        user_links=(MenuItem("Your profile", here, "circle-user-round", url=reverse(here)),),
        banner=Banner(
            "Your trial ends on 14 April 2026.",
            action_label="Buy now",
            action_url=reverse(here),
            icon="flask-conical",
        ),
        menu=(
            MenuGroup("", (MenuItem("Gallery", here, "layout-dashboard"),)),
            MenuGroup(
                "Administration",
                (
                    MenuItem("Theme", "ui:theme", "users"),
                    MenuItem("Roles", "ui:theme", "shield"),
                    MenuItem("Devices", "ui:theme", "tv"),
                    MenuItem("Licence metrics", "ui:theme", "gauge"),
                ),
            ),
            MenuGroup(
                "Account",
                (
                    MenuItem("Billing", "ui:theme", "credit-card"),
                    MenuItem("Settings", "ui:theme", "settings"),
                ),
            ),
        ),
    )
