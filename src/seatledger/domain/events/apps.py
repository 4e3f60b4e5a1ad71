from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "seatledger.domain.events"
    label = "events"
