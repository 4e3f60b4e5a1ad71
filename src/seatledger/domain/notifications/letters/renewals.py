"""What reminders speak of: what ends or renews, and when."""

from datetime import date
from uuid import UUID

from django.urls import reverse

from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import name_pools
from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.subscriptions.queries import get_agreement, get_subscription


def trial_ending(reader: Reader) -> Content:
    """Return what is on trial and its last day."""
    return Content(_ending(reader) | {"link": address_of(reverse("portal:ask_for_more"))})


def licences_expiring(reader: Reader) -> Content:
    """Return which licences expire, and their last day."""
    return Content(_ending(reader) | {"link": address_of(reverse("portal:billing"))})


def renewal_coming(reader: Reader) -> Content:
    """Return which plan renews, how often it is paid, and the day."""
    about = reader.message.about
    subscription = get_subscription(reader.account)
    assert subscription is not None, "what renews was agreed"
    renews_on = date.fromisoformat(about["on"])
    agreement = get_agreement(reader.account, at=reader.message.queued_at)
    plan = agreement.plan_name if agreement and subscription.pk == UUID(about["subscription_id"]) else ""
    return Content(
        {
            "plan": plan,
            "yearly": agreement is not None and agreement.interval == PriceInterval.YEAR,
            "day": reader.figures.day(renews_on),
            "days": int(about["left"]),
            "licences": [
                {"name": licence.name, "total": licence.total or 0, "limited": licence.total is not None}
                for licence in (agreement.licences if agreement else ())
            ],
            "link": address_of(reverse("portal:account_summary")),
        }
    )


def _ending(reader: Reader) -> dict[str, object]:
    about = reader.message.about
    last_day = date.fromisoformat(about["on"])
    pools = list(
        Pool.objects.filter(account=reader.account, pk__in=about["pool_ids"].split())
        .select_related("licence_type__product")
        .order_by("licence_type__metric_order", "licence_type__key")
    )
    names = name_pools(reader.account, pools)
    return {
        "day": reader.figures.day(last_day),
        "days": int(about["left"]),
        "licences": [
            {
                "name": names[pool.pk],
                "total": pool.total_licences or 0,
                "limited": pool.total_licences is not None,
                "used": pool.assigned_licences,
            }
            for pool in pools
        ],
    }
