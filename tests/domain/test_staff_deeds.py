"""What staff do to accounts: alone up to what the settings say, above it with a second person, and never otherwise."""

from datetime import timedelta
from uuid import uuid4

import pytest

from charging import noon
from invoicing import given_invoice, open_of
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import AccountBilling, BillingDetails
from seatledger.domain.invoices.queries import get_balance
from seatledger.domain.licences.actions import assign_licence, request_licences
from seatledger.domain.licences.models import LedgerEntry, Pool, Terms
from seatledger.domain.payments.actions.transfers import UnfitBooking
from seatledger.domain.staff.actions import Intent, approve_deed, decline_deed, do_deed, end_staff
from seatledger.domain.staff.deeds import DEEDS
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries.deeds import (
    get_deed_for_operator,
    list_deeds_about,
    list_open_requests,
    list_waiting_for_operator,
)
from seatledger.domain.staff.refusals import AlreadyDecided, FiguresChanged, NotAllowed, SecondPersonNeeded
from seatledger.domain.subscriptions.actions import extend_trial
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.domain.subscriptions.refusals import NothingChanges, NotOnTrial
from seatledger.faces.console.deed_forms import FORMS
from seatledger.shared.errors import NotFound
from seatledger.shared.text import UnfitText
from selling import business, given_subscription
from staffing import ALONE, actor, given_member, given_waiting, totalling
from support import (
    AT,
    LATER,
    NEXT_DAY,
    STAFF,
    given_account,
    given_pool,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


def test_every_deed_has_its_form():
    assert set(FORMS) == set(DEEDS)


# A31
def test_a_raised_total_is_in_the_licence_history_as_the_admin_team_with_its_reason():
    pool, ada = given_pool(total_licences=10), given_member()
    done = do_deed(account=pool.account, intent=totalling(pool, 10 + ALONE), at=LATER, by=actor(ada))
    assert (done.state, done.asked_by, done.decided_by) == (DeedState.DONE, ada, ada)
    assert done.figures == {
        "Licence": "Professional User",
        "Total now": "10",
        "In use": "0",
        "Total then": str(10 + ALONE),
    }
    assert refreshed(pool).total_licences == 10 + ALONE
    entry = LedgerEntry.objects.order_by("sequence").last()
    assert entry is not None
    assert (entry.actor_label, entry.actor_id, entry.reason) == ("Admin Team", ada.pk, "Agreed by phone")
    told = Event.objects.filter(account=pool.account, kind="staff_acted").get()
    assert told.payload == {"deed_id": str(done.pk), "deed": "change_total", "approved": False}


def test_above_the_bound_it_waits_and_nothing_has_changed():
    pool, ada = given_pool(total_licences=10), given_member()
    waiting = given_waiting(pool, ada)
    assert waiting.state == DeedState.WAITING
    assert refreshed(pool).total_licences == 10
    assert list_waiting_for_operator() == [waiting]
    assert list_deeds_about(pool.account) == [waiting]
    assert not Event.objects.filter(account=pool.account, kind="staff_acted").exists()


def test_many_small_ones_are_a_large_one():
    pool, ada, bram = given_pool(total_licences=10), given_member(), given_member("Bram Olsen")

    def more(licences, *, of=pool, by=ada, at=LATER):
        total = refreshed(of).total_licences + licences
        return do_deed(account=of.account, intent=totalling(of, total), at=at, by=actor(by)).state

    assert [more(ALONE // 2), more(ALONE - ALONE // 2)] == [DeedState.DONE] * 2
    assert more(1) == more(-1) == DeedState.WAITING
    assert refreshed(pool).total_licences == 10 + ALONE
    # What nobody has approved yet does not count, nor does what others did, to others, or longer ago.
    assert more(1, by=bram) == DeedState.DONE
    assert more(1, of=given_pool(given_account("Southwind"), total_licences=1)) == DeedState.DONE
    assert more(1, at=LATER + timedelta(hours=24) - timedelta(seconds=1)) == DeedState.WAITING
    assert more(ALONE, at=LATER + timedelta(hours=24)) == DeedState.DONE
    # Nothing of this kind is at stake.
    longer = Intent("change_expiry", {"pool_id": str(pool.pk), "expires_on": "2027-12-31"}, "Agreed by phone")
    at = LATER + timedelta(hours=25)
    assert do_deed(account=pool.account, intent=longer, at=at, by=actor(ada)).state == DeedState.DONE


def test_a_second_person_approves_and_it_is_done_with_the_approval():
    pool, ada, bram = given_pool(total_licences=10), given_member(), given_member("Bram Olsen")
    waiting = given_waiting(pool, ada)
    done = approve_deed(deed_id=waiting.pk, at=LATER, by=actor(bram))
    assert (done.state, done.asked_by, done.decided_by) == (DeedState.DONE, ada, bram)
    assert refreshed(pool).total_licences == 10 + ALONE + 1
    assert list_waiting_for_operator() == []


def test_nobody_approves_what_he_asked_for_himself():
    pool, ada = given_pool(), given_member()
    waiting = given_waiting(pool, ada)
    with pytest.raises(SecondPersonNeeded):
        approve_deed(deed_id=waiting.pk, at=LATER, by=actor(ada))
    assert decline_deed(deed_id=waiting.pk, at=LATER, by=actor(ada)).state == DeedState.DECLINED
    with pytest.raises(AlreadyDecided):
        approve_deed(deed_id=waiting.pk, at=LATER, by=actor(given_member("Bram Olsen")))


def test_it_is_refused_when_the_figures_shown_are_not_right_any_more():
    pool, ada, bram = given_pool(total_licences=10), given_member(), given_member("Bram Olsen")
    waiting = given_waiting(pool, ada)
    assign_licence(pool=pool, user=given_user(pool.account), at=LATER, by=STAFF)
    with pytest.raises(FiguresChanged, match="In use is 1"):
        approve_deed(deed_id=waiting.pk, at=LATER, by=actor(bram))
    assert refreshed(waiting).state == DeedState.WAITING
    assert refreshed(pool).total_licences == 10


def test_support_can_neither_act_nor_approve():
    pool, ada, suri = given_pool(), given_member(), given_member("Suri Patel", StaffRole.SUPPORT)
    with pytest.raises(NotAllowed):
        do_deed(account=pool.account, intent=totalling(pool, 11), at=LATER, by=actor(suri))
    waiting = given_waiting(pool, ada)
    for decide in (approve_deed, decline_deed):
        with pytest.raises(NotAllowed):
            decide(deed_id=waiting.pk, at=LATER, by=actor(suri))
    assert refreshed(pool).total_licences == 10


def test_who_is_no_member_of_staff_or_not_any_more_cannot_act():
    pool, ada, bram = given_pool(), given_member(), given_member("Bram Olsen")
    for by in (Actor.admin_team(), Actor.system(), Actor.user(uuid4())):
        with pytest.raises(NotAllowed):
            do_deed(account=pool.account, intent=totalling(pool, 11), at=LATER, by=by)
    end_staff(member=bram, at=LATER, by=actor(ada))
    with pytest.raises(NotAllowed):
        do_deed(account=pool.account, intent=totalling(pool, 11), at=LATER, by=actor(bram))


def test_a_reason_must_be_said():
    pool, ada = given_pool(), given_member()
    intent = Intent("change_total", {"pool_id": str(pool.pk), "total": 11}, "  ")
    with pytest.raises(UnfitText):
        do_deed(account=pool.account, intent=intent, at=LATER, by=actor(ada))


def test_what_cannot_be_done_is_refused_before_anybody_is_asked_to_approve_it():
    pool, ada = given_pool(total_licences=10), given_member()
    intent = totalling(pool, 10_000_001)
    with pytest.raises(Exception, match="The number must be"):
        do_deed(account=pool.account, intent=intent, at=LATER, by=actor(ada))
    assert StaffDeed.objects.count() == 0


def test_another_accounts_pool_answers_like_none():
    pool, ada = given_pool(), given_member()
    with pytest.raises(NotFound):
        do_deed(account=given_account("Southwind"), intent=totalling(pool, 11), at=LATER, by=actor(ada))
    with pytest.raises(NotFound):
        get_deed_for_operator(uuid4())


# Further deeds


def test_expiry_dates_and_terms_are_changed_with_their_reason():
    pool, ada = given_pool(terms=Terms.TRIAL), given_member()
    about = {"pool_id": str(pool.pk)}
    for intent in (
        Intent("change_expiry", {**about, "expires_on": "2027-01-31"}, "More time to decide"),
        Intent("change_terms", {**about, "terms": "paid"}, "Paid by cheque"),
    ):
        assert do_deed(account=pool.account, intent=intent, at=LATER, by=actor(ada)).state == DeedState.DONE
    assert (str(refreshed(pool).expires_on), refreshed(pool).terms) == ("2027-01-31", "paid")


@pytest.mark.parametrize(("given", "total"), [(5, 15), (0, 10)])
def test_a_request_is_answered_with_licences_or_with_no(given, total):
    pool, ada = given_pool(total_licences=10), given_member()
    asked = request_licences(
        account=pool.account, licence_type=pool.licence_type, number=5, note="", at=AT, by=STAFF
    )
    assert list_open_requests(pool.account) == [asked]
    intent = Intent("answer_request", {"request_id": str(asked.pk), "number": given}, "As agreed")
    do_deed(account=pool.account, intent=intent, at=LATER, by=actor(ada))
    assert refreshed(pool).total_licences == total
    assert list_open_requests(pool.account) == []


# A8
def test_a_trial_is_given_more_days():
    subscription, ada = given_subscription(version=business(), trial=True), given_member()
    account = subscription.account
    ends_on = get_agreement(account, at=LATER).trial_ends_on
    longer = ends_on + timedelta(days=14)
    intent = Intent("extend_trial", {"last_day": str(longer)}, "Their test takes longer")
    do_deed(account=account, intent=intent, at=LATER, by=actor(ada))
    agreed = get_agreement(account, at=LATER)
    assert (agreed.trial_ends_on, agreed.ends_on) == (longer, longer)
    assert set(Pool.objects.filter(account=account, terms="trial").values_list("expires_on", flat=True)) == {
        longer
    }
    with pytest.raises(NothingChanges):
        extend_trial(subscription=subscription, last_day=ends_on, reason="", at=LATER, by=STAFF)


def test_what_is_paid_for_is_no_trial():
    subscription = given_subscription(given_account(), at=AT)
    with pytest.raises(NotOnTrial):
        extend_trial(
            subscription=subscription,
            last_day=(AT + timedelta(days=90)).date(),
            reason="",
            at=LATER,
            by=STAFF,
        )


@pytest.mark.parametrize(("net", "state"), [(80_000, DeedState.DONE), (90_000, DeedState.WAITING)])
@pytest.mark.parametrize("deed", ["write_off", "void_invoice", "credit_invoice"])
def test_a_small_invoice_is_given_up_alone_a_large_one_is_not(deed, net, state):
    account, ada, bram = given_account(), given_member(), given_member("Bram Olsen")
    invoice = given_invoice(account, [net])
    intent = Intent(deed, {"document_id": str(invoice.pk), "amount_minor": None}, "They have closed")
    done = do_deed(account=account, intent=intent, at=LATER, by=actor(ada))
    assert done.state == state
    assert (open_of(invoice) == 0) == (state == DeedState.DONE)
    if state == DeedState.WAITING:
        approve_deed(deed_id=done.pk, at=LATER, by=actor(bram))
    assert open_of(invoice) == 0


def test_a_gesture_is_a_credit_note():
    account, ada = given_account(), given_member()
    given_invoice(account, [10_000])
    arguments = {"amount_minor": 2_400, "text": "An hour without service"}
    intent = Intent("credit_account", arguments, "Outage in March")
    do_deed(account=account, intent=intent, at=noon("2026-05-01"), by=actor(ada))
    assert get_balance(account) == 12_000 - 2_400


def paying(amount_minor, document_id=""):
    arguments = {"amount_minor": amount_minor, "booked_on": "2026-03-02", "document_id": document_id}
    return Intent("book_payment", arguments, "A cheque")


def test_a_payment_is_booked_on_what_is_due_first():
    account, ada = given_account(), given_member()
    late, early = given_invoice(account, [10_000], on="2026-03-20"), given_invoice(account, [10_000])
    done = do_deed(account=account, intent=paying(15_000), at=noon("2026-04-02"), by=actor(ada))
    assert (open_of(early), open_of(late)) == (0, 9_000)
    assert done.figures["Settles"].endswith("by 30.00 GBP")
    do_deed(account=account, intent=paying(10_000, str(late.pk)), at=noon("2026-04-03"), by=actor(ada))
    assert (open_of(late), get_balance(account)) == (0, -1_000)


@pytest.mark.parametrize("day", ["0026-03-02", "2999-01-01"])
def test_money_that_is_yet_to_come_is_not_booked(day):
    account, arguments = given_account(), {"amount_minor": 500, "booked_on": day, "document_id": ""}
    with pytest.raises(UnfitBooking, match="today or before"):
        do_deed(
            account=account,
            intent=Intent("book_payment", arguments, "A cheque"),
            at=LATER,
            by=actor(given_member()),
        )


def test_a_large_payment_needs_a_second_person():
    account, ada, bram = given_account(), given_member(), given_member("Bram Olsen")
    invoice = given_invoice(account, [200_000])
    waits = do_deed(account=account, intent=paying(240_000), at=LATER, by=actor(ada))
    assert (waits.state, open_of(invoice)) == (DeedState.WAITING, 240_000)
    approve_deed(deed_id=waits.pk, at=LATER, by=actor(bram))
    assert open_of(invoice) == 0


def test_a_price_is_agreed_for_one_licence_type():
    subscription, ada = given_subscription(), given_member()
    agreed = get_agreement(subscription.account, at=LATER)
    licence = next(one for one in agreed.licences if one.tariff)
    intent = Intent(
        "agree_price",
        {"item_id": str(licence.item.pk), "unit_amount": "7.50", "takes_effect": "at_once"},
        "Three years agreed",
    )
    do_deed(account=subscription.account, intent=intent, at=LATER, by=actor(ada))
    later = get_agreement(subscription.account, at=NEXT_DAY)
    prices = {one.name: one.unit_price for one in later.licences if one.tariff}
    assert prices[licence.name] == 750
    assert {name: price for name, price in prices.items() if name != licence.name} == {
        one.name: one.unit_price for one in agreed.licences if one.tariff and one.name != licence.name
    }


def test_plan_end_and_terms_of_invoices_are_changed():
    business()
    subscription, ada = given_subscription(), given_member()
    account = subscription.account
    for intent in (
        Intent("change_plan", {"plan": "business", "interval": "month", "takes_effect": "at_once"}, "Grown"),
        Intent("end_subscription", {"takes_effect": "at_period_end", "last_day": None}, "They merge"),
        Intent("change_billing_terms", {"terms_days": 45, "seller_key": "", "exempt_reason": ""}, "Agreed"),
    ):
        assert do_deed(account=account, intent=intent, at=LATER, by=actor(ada)).state == DeedState.DONE
    agreed = get_agreement(account, at=LATER)
    assert (agreed.plan_key, agreed.ends_on is not None) == ("business", True)
    assert BillingDetails.objects.get(account=account).terms_days == 45


def test_billing_that_waits_is_released():
    account, ada = given_account(), given_member()
    AccountBilling.objects.update_or_create(
        account=account, defaults={"parked_at": AT, "parked_because": "no seller"}
    )
    done = do_deed(
        account=account, intent=Intent("release_billing", {}, "Put right"), at=LATER, by=actor(ada)
    )
    assert done.figures["Waits because"] == "no seller"
    assert AccountBilling.objects.get(account=account).parked_at is None
