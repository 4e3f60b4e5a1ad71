"""Deeds about licences: totals and limits, expiry dates, terms, and the answer to a request."""

from seatledger.domain.licences.access import access_ends_on
from seatledger.domain.licences.actions import (
    answer_request,
    change_expiry,
    change_terms,
    change_total,
    open_pools,
)
from seatledger.domain.licences.actions.opening import NewPool
from seatledger.domain.licences.models import LicenceRequest, Pool, Terms
from seatledger.domain.licences.queries import get_pool, get_request
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight, day_in_words
from seatledger.domain.staff.permissions import StaffPermission


def _pool(doing: Doing) -> Pool:
    return get_pool(doing.account, doing.id_of("pool_id"))


def _figures_of(pool: Pool, doing: Doing) -> Figures:
    total = "not limited" if pool.total_licences is None else str(pool.total_licences)
    return {
        "Licence": name_type(doing.account, pool.licence_type),
        "Total now": total,
        "In use": str(pool.assigned_licences),
    }


def _about(doing: Doing) -> Figures:
    pool = _pool(doing)
    as_it_is = {"Valid until": day_in_words(pool.expires_on), "Terms": Terms(pool.terms).label}
    return _figures_of(pool, doing) | as_it_is


def _total_figures(doing: Doing) -> Figures:
    return {**_figures_of(_pool(doing), doing), "Total then": str(doing.number_of("total"))}


def _total_weight(doing: Doing) -> Weight:
    return Weight(licences=abs(doing.number_of("total") - (_pool(doing).total_licences or 0)))


def _change_total(doing: Doing) -> object:
    return change_total(
        pool=_pool(doing),
        total=doing.number_of("total"),
        reason=doing.reason,
        over_assign=bool(doing.arguments.get("over_assign")),
        at=doing.at,
        by=doing.by,
    )


def _expiry_figures(doing: Doing) -> Figures:
    pool = _pool(doing)
    return {
        **_figures_of(pool, doing),
        "Valid until now": day_in_words(pool.expires_on),
        "Valid until then": day_in_words(doing.day_of("expires_on")),
        **_grace_figures(pool, doing),
    }


def _grace_figures(pool: Pool, doing: Doing) -> Figures:
    """Return until when access goes on after that, if it does."""
    then = doing.day_of("expires_on")
    until = access_ends_on(doing.account, pool.terms, then)
    return {"Access until then": day_in_words(until)} if until != then else {}


def _change_expiry(doing: Doing) -> object:
    return change_expiry(
        pool=_pool(doing),
        expires_on=doing.day_of("expires_on"),
        reason=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _terms_figures(doing: Doing) -> Figures:
    pool = _pool(doing)
    return {
        **_figures_of(pool, doing),
        "Terms now": Terms(pool.terms).label,
        "Terms then": Terms(doing.text_of("terms")).label,
    }


def _change_terms(doing: Doing) -> object:
    return change_terms(
        pool=_pool(doing), terms=Terms(doing.text_of("terms")), reason=doing.reason, at=doing.at, by=doing.by
    )


def _pool_asked_for(doing: Doing, request: LicenceRequest) -> Pool | None:
    rows = Pool.objects.filter(account=doing.account, licence_type=request.licence_type)
    return rows.select_related("account", "licence_type__product").first()


def _request_figures(doing: Doing) -> Figures:
    request = get_request(doing.account, doing.id_of("request_id"))
    pool = _pool_asked_for(doing, request)
    total = pool.total_licences or 0 if pool else 0
    return {
        "Licence": name_type(doing.account, request.licence_type),
        "Asked for": str(request.number),
        "Total now": str(total),
        **({"Total then": str(total + doing.number_of("number"))} if "number" in doing.arguments else {}),
    }


def _answer_request(doing: Doing) -> object:
    request, number = get_request(doing.account, doing.id_of("request_id")), doing.number_of("number")
    answer_request(request=request, at=doing.at, by=doing.by)
    if not number:
        return False  # the answer is no; that it was given is the deed itself
    pool = _pool_asked_for(doing, request)
    if pool is None:
        new = NewPool(request.licence_type, number, Terms.PAID, None)
        return open_pools(account=doing.account, pools=[new], at=doing.at, by=doing.by)
    total = (pool.total_licences or 0) + number
    return change_total(pool=pool, total=total, reason=doing.reason, at=doing.at, by=doing.by)


DEEDS = (
    Deed(
        "change_total",
        "Change the total",
        StaffPermission.LICENCES_CHANGE,
        _total_figures,
        _change_total,
        _total_weight,
        about=_about,
    ),
    Deed(
        "change_expiry",
        "Change the expiry date",
        StaffPermission.LICENCES_CHANGE,
        _expiry_figures,
        _change_expiry,
        about=_about,
    ),
    Deed(
        "change_terms",
        "Change the terms",
        StaffPermission.LICENCES_CHANGE,
        _terms_figures,
        _change_terms,
        about=_about,
    ),
    Deed(
        "answer_request",
        "Answer a request for licences",
        StaffPermission.LICENCES_CHANGE,
        _request_figures,
        _answer_request,
        lambda doing: Weight(licences=doing.number_of("number")),
        about=_request_figures,
    ),
)
