"""The first page of the console."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.faces.console.access import ConsoleRequest, for_staff


@for_staff(None)
@require_GET
def show_overview(request: ConsoleRequest) -> HttpResponse:
    """Say who is signed in and what the role allows."""
    return render(request, "console/overview.html", {"staff": request.staff})
