from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "seatledger.domain.staff"
    label = "staff"
