"""Your sign-in: who one is here, and new recovery codes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.staff.actions import make_recovery_codes
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff


@for_staff(None)
@require_GET
def show_profile(request: ConsoleRequest) -> HttpResponse:
    """Show one's own role, and how many recovery codes are left."""
    allowed = [permission.label for permission in StaffPermission if permission in request.permissions]
    context = {"member": request.staff, "allowed": allowed, "codes_left": len(request.staff.recovery_hashes)}
    return render(request, "console/profile.html", context)


@for_staff(None)
@require_POST
def new_recovery_codes(request: ConsoleRequest) -> HttpResponse:
    """Make new recovery codes and show them once; the old ones are worth nothing from now on."""
    codes = make_recovery_codes(member=request.staff, at=timezone.now(), by=request.actor)
    return render(request, "console/recovery_codes.html", {"codes": codes})
