from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    name = "seatledger.faces.gateways"
    label = "gateway_pages"
