from importlib import import_module

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "seatledger.domain.invoices"
    label = "invoices"

    def ready(self) -> None:
        import_module("seatledger.domain.invoices.gauges").register()
