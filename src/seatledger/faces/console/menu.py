"""The side menu of the console, in its order. What a role may not open is not shown.

A page that is added gets its line here: label, name of its address, lucide icon, permission.
"""

from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.ui.menu import MenuGroup, MenuItem

MENU = (
    MenuGroup(
        "",
        (
            MenuItem("Overview", "console:overview", "layout-dashboard"),
            MenuItem("Figures", "console:figures", "chart-column", StaffPermission.FIGURES_VIEW),
        ),
    ),
    MenuGroup(
        "Customers",
        (
            MenuItem("Accounts", "console:accounts", "building-2", StaffPermission.ACCOUNTS_VIEW),
            MenuItem("Closures", "console:closures", "door-closed", StaffPermission.ACCOUNTS_VIEW),
            MenuItem("Requests", "console:requests", "message-square", StaffPermission.ACCOUNTS_VIEW),
            MenuItem("Waiting", "console:waiting", "users", StaffPermission.ACCOUNTS_VIEW),
        ),
    ),
    MenuGroup(
        "Money",
        (
            MenuItem("Payments", "console:payments", "credit-card", StaffPermission.ACCOUNTS_VIEW),
            MenuItem("Incoming transfers", "console:transfers", "landmark", StaffPermission.MONEY_CHANGE),
        ),
    ),
    MenuGroup(
        "Operations",
        (MenuItem("Sent mail", "console:sent_mail", "mail", StaffPermission.OPERATIONS_VIEW),),
    ),
    MenuGroup(
        "Console",
        (MenuItem("Staff", "console:staff", "id-card", StaffPermission.STAFF_MANAGE),),
    ),
)
