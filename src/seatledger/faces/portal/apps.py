from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "seatledger.faces.portal"
    label = "portal"
