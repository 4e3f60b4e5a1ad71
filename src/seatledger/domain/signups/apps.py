from django.apps import AppConfig


class SignupsConfig(AppConfig):
    name = "seatledger.domain.signups"
    label = "signups"
