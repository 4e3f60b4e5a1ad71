"""`seatledger webhook`: endpoints that are told of all accounts, or with `--account` of one."""

from uuid import UUID

import click
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.notifications.models import WebhookEndpoint
from seatledger.domain.notifications.webhooks import actions, queries
from seatledger.domain.notifications.webhooks.event_types import NAMES
from seatledger.domain.notifications.webhooks.spreading import QUEUE
from seatledger.faces.cli.parameters import ACCOUNT

ACCOUNT_OPTION = click.option("--account", type=ACCOUNT, help="One account's, by its serial number.")
ENDPOINT = click.argument("endpoint_id", type=click.UUID, metavar="ENDPOINT")


@click.group()
def webhook() -> None:
    """Tell programs what happens: the vendor's endpoints hear of all accounts. See docs/webhooks.md."""


@webhook.command()
@click.argument("url")
@click.option(
    "--event", "events", multiple=True, type=click.Choice(NAMES), help="A type to be told; all unless given."
)
@click.option("--description", default="", help="What it is for.")
@ACCOUNT_OPTION
def add(url: str, *, events: tuple[str, ...], description: str, account: Account | None) -> None:
    """Tell URL what happens from now on. Its secret is shown once."""
    endpoint, secret = actions.add_endpoint(
        account=account,
        details=actions.EndpointDetails(url, description, events),
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    click.echo(f"{endpoint.pk}  {endpoint.url}")
    _show_secret(secret)


@webhook.command("list")
@ACCOUNT_OPTION
def list_all(account: Account | None) -> None:
    """List the endpoints: id, state, address."""
    for endpoint in queries.list_endpoints(account):
        click.echo(f"{endpoint.pk}  {endpoint.state:<8}  {endpoint.url}")


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def show(endpoint_id: UUID, *, account: Account | None) -> None:
    """Show an endpoint and its newest deliveries."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    waiting = queries.count_waiting(account, endpoint)
    facts = {
        "Address": endpoint.url,
        "Description": endpoint.description or "none",
        "State": endpoint.get_disabled_because_display() if endpoint.disabled_at else endpoint.state,
        "Events": ", ".join(endpoint.event_types) or "all",
        "Waiting": f"more than {queries.MOST_COUNTED}" if waiting.is_more else waiting.number,
    }
    for name, value in facts.items():
        click.echo(f"{name:<12} {value}")
    for delivery in queries.list_deliveries(account, endpoint, limit=20):
        click.echo(
            f"    {delivery.pk}  {delivery.queued_at:%Y-%m-%d %H:%M:%S}  {delivery.state:<9}  {delivery.event_type}"
        )


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def test(endpoint_id: UUID, *, account: Account | None) -> None:
    """Send an endpoint a `webhook.test`."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    with transaction.atomic():
        delivery = actions.send_test(endpoint=endpoint, at=timezone.now(), by=Actor.admin_team())
        _start_sending(endpoint)
    click.echo(f"{delivery.pk}  queued")


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def rotate(endpoint_id: UUID, *, account: Account | None) -> None:
    """Give an endpoint a new secret; the one before signs as well for a day."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    _show_secret(actions.rotate_secret(endpoint=endpoint, at=timezone.now(), by=Actor.admin_team()))


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def disable(endpoint_id: UUID, *, account: Account | None) -> None:
    """Send nothing to an endpoint until it is enabled."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    actions.disable_endpoint(endpoint=endpoint, at=timezone.now(), by=Actor.admin_team())
    click.echo("Disabled.")


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def enable(endpoint_id: UUID, *, account: Account | None) -> None:
    """Send to an endpoint again, first what waits for it."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    with transaction.atomic():
        actions.enable_endpoint(endpoint=endpoint, at=timezone.now(), by=Actor.admin_team())
        _start_sending(endpoint)
    click.echo("Enabled.")


@webhook.command()
@ENDPOINT
@ACCOUNT_OPTION
def remove(endpoint_id: UUID, *, account: Account | None) -> None:
    """Forget an endpoint and its secret."""
    endpoint = queries.get_endpoint(account, endpoint_id)
    actions.remove_endpoint(endpoint=endpoint, at=timezone.now(), by=Actor.admin_team())
    click.echo("Removed.")


@webhook.command()
@click.argument("delivery_id", type=click.UUID, metavar="DELIVERY")
@ACCOUNT_OPTION
def redeliver(delivery_id: UUID, *, account: Account | None) -> None:
    """Send a delivery again, under the same webhook-id."""
    delivery = queries.get_delivery(account, delivery_id)
    with transaction.atomic():
        actions.redeliver(delivery=delivery, at=timezone.now(), by=Actor.admin_team())
        _start_sending(delivery.endpoint)
    click.echo("Queued again.")


def _start_sending(endpoint: WebhookEndpoint) -> None:
    jobs.configure_task("send_webhooks", queue=QUEUE).defer(endpoint_id=str(endpoint.pk))


def _show_secret(secret: str) -> None:
    click.echo(f"Secret: {secret}")
    click.echo("Keep it now. It is never shown again.")
