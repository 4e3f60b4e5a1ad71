from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "seatledger.domain.notifications"
    label = "notifications"
