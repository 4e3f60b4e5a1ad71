from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "seatledger.domain.figures"
    label = "figures"
