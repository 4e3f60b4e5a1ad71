from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "seatledger.domain.payments"
    label = "payments"

    def ready(self) -> None:
        import_module("seatledger.domain.payments.gauges").register()
