from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "seatledger.domain.people"
    label = "people"
