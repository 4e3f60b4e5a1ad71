from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "seatledger.faces.console"
    label = "console"
