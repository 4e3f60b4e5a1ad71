"""Sending a customer to a page of a gateway: to enter a card, or to agree with his bank."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def leave_for(request: HttpRequest, address: str) -> HttpResponse:
    """Return what answers a form by leading to `address`: a redirect within this site, a page of our own to another.

    Browsers hold a redirect that answers a form to the policy for forms, along its whole way, and a bank may stand
    anywhere: so the policy stays with ourselves, and our page opens the other one, by itself or by its link.
    """
    parts = urlsplit(address)
    if not parts.netloc or (parts.scheme, parts.netloc) == (request.scheme, request.get_host()):
        return redirect(address)
    assert parts.scheme in {"http", "https"}, "a gateway's page is a web page"
    return render(request, "portal/leaving.html", {"address": address, "host": parts.hostname})
