"""What reminders speak of: what ends or renews, and when."""

from datetime import date
from uuid import UUID

from django.urls import reverse

from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.licences.access import access_ends_on
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


def trial_ended(reader: Reader) -> Content:
    """Return what was on trial, its last day, and until when it may still be used, if it may."""
    return Content(_ended(reader) | {"link": address_of(reverse("portal:ask_for_more"))})


def licences_ended(reader: Reader) -> Content:
    """Return which licences have ended, their last day, and until when they may still be used, if they may."""
    return Content(_ended(reader) | {"link": address_of(reverse("portal:billing"))})


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
    last_day, pools = date.fromisoformat(about["on"]), _pools(reader)
    untils = [access_ends_on(reader.account, pool.terms, last_day) or last_day for pool in pools]
    until = max(untils, default=last_day)
    return {
        "day": reader.figures.day(last_day),
        "days": int(about["left"]),
        "until": reader.figures.day(until) if until > last_day else "",
        "licences": _licences(reader, pools),
    }


def _ended(reader: Reader) -> dict[str, object]:
    about = reader.message.about
    return {
        "day": reader.figures.day(date.fromisoformat(about["on"])),
        "until": reader.figures.day(date.fromisoformat(about["until"])) if about["until"] else "",
        "licences": _licences(reader, _pools(reader)),
    }


def _pools(reader: Reader) -> list[Pool]:
    rows = Pool.objects.filter(account=reader.account, pk__in=reader.message.about["pool_ids"].split())
    return list(
        rows.select_related("licence_type__product").order_by(
            "licence_type__metric_order", "licence_type__key"
        )
    )


def _licences(reader: Reader, pools: list[Pool]) -> list[dict[str, object]]:
    names = name_pools(reader.account, pools)
    return [
        {
            "name": names[pool.pk],
            "total": pool.total_licences or 0,
            "limited": pool.total_licences is not None,
            "used": pool.assigned_licences,
        }
        for pool in pools
    ]
