"""The side menu shows what the reader may open, and where he is."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from seatledger.faces.ui.menu import MenuGroup, MenuItem, visible_menu
from seatledger.faces.ui.theme import COOKIE, choose_theme, theme_of


def page(request):
    return HttpResponse()


urlpatterns = [
    path("", page, name="overview"),
    path("users", page, name="users"),
    path("roles", page, name="roles"),
    path("billing", page, name="billing"),
    path("billing/history", page, name="history"),
]
pytestmark = pytest.mark.urls(__name__)

MENU = (
    MenuGroup("", (MenuItem("Overview", "overview", "house"),)),
    MenuGroup(
        "Administration",
        (
            MenuItem("Users", "users", "users", "users.view"),
            MenuItem("Roles", "roles", "shield", "roles.view"),
        ),
    ),
    MenuGroup(
        "Account",
        (MenuItem("Billing", "billing", "credit-card"), MenuItem("Licence history", "history", "history")),
    ),
)


def marked(path: str) -> dict[str, str]:
    groups = visible_menu(MENU, permissions=frozenset({"users.view"}), path=path)
    return {item.label: item.current for group in groups for item in group.items if item.current}


def test_items_without_permission_are_absent():
    groups = visible_menu(MENU, permissions=frozenset({"users.view"}), path="/")
    assert [item.label for group in groups for item in group.items] == [
        "Overview",
        "Users",
        "Billing",
        "Licence history",
    ]


def test_a_group_nobody_may_open_is_absent():
    groups = visible_menu(MENU, permissions=frozenset(), path="/")
    assert [group.label for group in groups] == ["", "Account"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", {"Overview": "page"}),
        ("/users", {"Users": "page"}),
        ("/users/7/roles", {"Users": "true"}),
        ("/billing/history", {"Licence history": "page"}),
        ("/billing/details", {"Billing": "true"}),
        ("/usersettings", {}),
        ("/help", {}),
    ],
)
def test_the_nearest_item_is_current(path, current):  # A34
    assert marked(path) == current


def test_a_theme_is_remembered_in_a_cookie():
    request = RequestFactory().post(
        "/ui/theme", {"theme": "dark"}, headers={"referer": "http://testserver/users"}
    )
    response = choose_theme(request)
    assert (response.status_code, response["Location"]) == (302, "http://testserver/users")
    assert response.cookies[COOKIE].value == "dark"


@pytest.mark.parametrize("theme", ["", "neon", 'dark"><script>'])
def test_a_theme_that_does_not_exist_is_not_remembered(theme):
    request = RequestFactory().post("/ui/theme", {"theme": theme})
    assert COOKIE not in choose_theme(request).cookies
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = theme
    assert theme_of(request) == "system"


def test_the_way_back_never_leads_elsewhere():
    request = RequestFactory().post(
        "/ui/theme", {"theme": "dark"}, headers={"referer": "https://evil.example/"}
    )
    assert choose_theme(request)["Location"] == "/"
