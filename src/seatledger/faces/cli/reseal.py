"""`seatledger reseal`: seal everything that is stored sealed with the newest secret key."""

from collections.abc import Callable, Mapping

import click
from allauth.mfa.models import Authenticator

from seatledger.domain.closures.models import SigningKey
from seatledger.domain.notifications.models import WebhookSecret
from seatledger.domain.people.second_step import renew_seals
from seatledger.domain.staff.models import StaffMember
from seatledger.shared.sealing import Purpose, renew_column, renew_rows

RENEW: Mapping[Purpose, tuple[str, Callable[[], int]]] = {
    Purpose.SECOND_STEP: (
        "authenticator apps and recovery codes of customers",
        lambda: renew_rows(Authenticator.objects.all(), "data", renew_seals),
    ),
    Purpose.STAFF_SECOND_STEP: (
        "authenticator apps of staff",
        lambda: renew_column(StaffMember.objects.all(), "totp_secret", purpose=Purpose.STAFF_SECOND_STEP),
    ),
    Purpose.WEBHOOKS: (
        "secrets of webhooks",
        lambda: renew_column(WebhookSecret.objects.all(), "sealed", purpose=Purpose.WEBHOOKS),
    ),
    Purpose.CERTIFICATES: (
        "keys that sign certificates of deletion",
        lambda: renew_column(SigningKey.objects.all(), "sealed_private_key", purpose=Purpose.CERTIFICATES),
    ),
}


@click.command()
def reseal() -> None:
    """Seal every secret with today's SEATLEDGER_SECRET_KEY, so that an earlier one can be forgotten.

    It may be run again, and while pages are served: by processes that know both keys.
    """
    for what, renew in RENEW.values():
        click.echo(f"{renew():>6} {what}")
