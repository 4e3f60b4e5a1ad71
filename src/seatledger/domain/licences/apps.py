from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "seatledger.domain.licences"
    label = "licences"
