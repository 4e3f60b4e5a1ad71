from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "seatledger.domain.payments.gateways.sandbox"
    label = "sandbox"
