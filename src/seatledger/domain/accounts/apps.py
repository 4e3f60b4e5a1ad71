from django.apps import AppConfig
from django.db.models.signals import post_migrate

from seatledger.shared.grants import grant_tables


class AccountsConfig(AppConfig):
    name = "seatledger.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        post_migrate.connect(grant_tables, sender=self)
