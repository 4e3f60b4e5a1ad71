from django.apps import AppConfig


class MovesConfig(AppConfig):
    name = "seatledger.domain.moves"
    label = "moves"
