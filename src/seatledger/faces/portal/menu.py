"""The side menu of the portal, in its order. What a reader may not open is not shown."""

from seatledger.domain.accounts.models import Account
from seatledger.domain.people.permissions import Permission
from seatledger.faces.ui.menu import MenuGroup, MenuItem

MENU = (
    MenuGroup("", (MenuItem("Overview", "portal:overview", "layout-dashboard"),)),
    MenuGroup(
        "Administration",
        (
            MenuItem("Users", "portal:users", "users", Permission.USERS_VIEW),
            MenuItem("Roles", "portal:roles", "shield-check", Permission.USERS_VIEW),
            MenuItem("Devices", "portal:devices", "tv", Permission.DEVICES_VIEW),
            MenuItem("Licence metrics", "portal:metrics", "gauge", Permission.LICENCES_VIEW),
        ),
    ),
    MenuGroup(
        "Account",
        (
            MenuItem("Billing", "portal:billing", "credit-card", Permission.BILLING_VIEW),
            MenuItem("Account summary", "portal:account_summary", "receipt-text", Permission.BILLING_VIEW),
            MenuItem("Billing history", "portal:invoices", "scroll-text", Permission.BILLING_VIEW),
            MenuItem("Settings", "portal:settings", "settings"),
        ),
    ),
)
PROVIDER_MENU = (
    MENU[0],
    MenuGroup(
        "Customers",
        (MenuItem("Customers", "portal:customers", "building-2", Permission.CUSTOMERS_VIEW),),
    ),
    *MENU[1:],
)


def menu_of(account: Account) -> tuple[MenuGroup, ...]:
    """Return the menu of an account: a provider's leads to its customers too."""
    return PROVIDER_MENU if account.is_provider else MENU
