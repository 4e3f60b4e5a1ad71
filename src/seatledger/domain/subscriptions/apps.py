from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "seatledger.domain.subscriptions"
    label = "subscriptions"
