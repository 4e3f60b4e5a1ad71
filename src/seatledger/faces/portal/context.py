"""What surrounds every page of the portal."""

from django.http import HttpRequest
from django.urls import reverse

from seatledger.faces.portal.menu import menu_of
from seatledger.faces.ui.menu import MenuItem, Shell


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give templates the shell: whose portal this is, the menu, and who is signed in."""
    account = getattr(request, "account", None)
    if account is None:
        return {"shell": Shell(brand="Seatledger", home_url="/")}
    user = request.user
    return {
        "shell": Shell(
            brand="Seatledger",
            home_url="/",
            menu=menu_of(account),
            account_name=account.name,
            user_name=getattr(user, "full_name", ""),
            user_email=getattr(user, "email", ""),
            user_links=(
                MenuItem("Your profile", "portal:profile", "user-round", url=reverse("portal:profile")),
            ),
            sign_out_url=reverse("account_logout"),
            help_url=reverse("portal:help_licensing"),
        )
    }
