from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "seatledger.faces.portal"
    label = "portal"

    def ready(self) -> None:
        import_module("seatledger.faces.portal.boundary")  # hears who signs in
