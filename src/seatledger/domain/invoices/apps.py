from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "seatledger.domain.invoices"
    label = "invoices"
