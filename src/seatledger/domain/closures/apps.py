from django.apps import AppConfig


class ClosuresConfig(AppConfig):
    name = "seatledger.domain.closures"
    label = "closures"
