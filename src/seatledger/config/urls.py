"""Every address."""

from django.urls import include, path

from seatledger.config.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("accounts/", include("seatledger.faces.portal.sign_in")),
    path("console/", include("seatledger.faces.console.urls")),
    path("gateways/", include("seatledger.faces.gateways.urls")),
    path("ui/", include("seatledger.faces.ui.urls")),
    path("", include("seatledger.faces.portal.looks")),
    path("", include("seatledger.faces.portal.urls")),
]

handler400 = "seatledger.faces.ui.unreadable.answer_unreadable"
