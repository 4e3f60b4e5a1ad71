from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "seatledger.domain.payments"
    label = "payments"
