"""Change who sells, from a file."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import NumberSeries, Seller, SellerChange, TaxRule
from seatledger.domain.invoices.seller_specs import (
    SellerDifference,
    SellerSpec,
    compare_seller,
    seller_in_lines,
)


@transaction.atomic
def apply_seller(*, wanted: SellerSpec, dry_run: bool = False, at: datetime, by: Actor) -> SellerDifference:
    """Make a seller what a file says, rates of tax and prefixes of numbers included; return what that changes.

    Documents that were issued keep the seller and the rate of their day. Numbers go on where they are, whatever their
    prefix. Who applied it, when, and what it changed is kept, line by line. Raises PrefixTaken.
    """
    difference = compare_seller(wanted)
    if dry_run or difference.is_empty:
        return difference
    if difference.no_longer_default:
        Seller.objects.filter(pk=difference.no_longer_default.pk).update(is_default=False)
    seller, _ = Seller.objects.update_or_create(key=wanted.key, defaults=wanted.properties())
    for kind, prefix in wanted.prefixes.items():
        NumberSeries.objects.update_or_create(
            seller=seller, kind=kind, region="", defaults={"prefix": prefix}
        )
    for rate in difference.rates_removed:
        TaxRule.objects.get(seller=seller, country=rate.country, effective_on=rate.effective_on).delete()
    TaxRule.objects.bulk_create(
        TaxRule(
            seller=seller,
            country=rate.country,
            kind=rate.kind,
            percent=rate.percent,
            effective_on=rate.effective_on,
        )
        for rate in difference.rates_added
    )
    SellerChange.objects.create(
        seller=seller,
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        lines=list(seller_in_lines(difference)),
    )
    return difference
