from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "seatledger.domain.exports"
    label = "exports"
