from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "seatledger.faces.ui"
    label = "ui"
