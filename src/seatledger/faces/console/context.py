"""What surrounds every page of the console."""

from django.http import HttpRequest
from django.urls import reverse

from seatledger.faces.console.boundary import PREFIX
from seatledger.faces.console.menu import MENU
from seatledger.faces.ui.menu import MenuItem, Shell

BRAND = "Seatledger Console"


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give the console's templates its shell; other faces have their own."""
    if not request.path_info.startswith(PREFIX):
        return {}
    home = reverse("console:overview")
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"shell": Shell(brand=BRAND, home_url=home, face="console")}
    own = MenuItem("Your sign-in", "console:profile", "user-round", url=reverse("console:profile"))
    return {
        "shell": Shell(
            brand=BRAND,
            home_url=home,
            face="console",
            menu=MENU,
            account_name=f"{staff.get_role_display()}, every account",
            user_name=staff.name,
            user_email=staff.email,
            user_links=(own,),
            sign_out_url=reverse("console:sign_out"),
        )
    }
