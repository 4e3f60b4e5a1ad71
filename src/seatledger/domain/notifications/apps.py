from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "seatledger.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        import_module("seatledger.domain.notifications.actions.writing").subscribe()
        import_module("seatledger.domain.notifications.webhooks.spreading").listen()
        import_module("seatledger.domain.notifications.gauges").register()
