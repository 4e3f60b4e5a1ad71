"""The side menu of the portal, in its order. What a reader may not open is not shown."""

from seatledger.domain.people.permissions import Permission
from seatledger.faces.ui.menu import MenuGroup, MenuItem

MENU = (
    MenuGroup(
        "Administration",
        (
            MenuItem("Users", "portal:users", "users", Permission.USERS_VIEW),
            MenuItem("Roles", "portal:roles", "shield-check", Permission.USERS_VIEW),
        ),
    ),
)
