from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "seatledger.domain.catalogue"
    label = "catalogue"
