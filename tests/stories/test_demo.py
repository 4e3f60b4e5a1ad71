"""The demo is a believable installation: every kind of account, every state of a pool, and every number agrees."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from commands import run_command
from reading import text_of
from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind, Event
from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.queries import find_wrong_figures, list_revenue_months_for_operator
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Document, Issue, NumberSeries, TaxKind
from seatledger.domain.invoices.queries import find_wrong_amounts, get_standing
from seatledger.domain.licences.models import Assignment, EntryKind, LedgerEntry, Pool, Source
from seatledger.domain.licences.queries import (
    HistoryFilter,
    find_disagreements,
    get_account_type,
    get_licence_metrics,
    get_pool_by_key,
    list_history,
)
from seatledger.domain.payments.gateways.sandbox.gateway import charged_by_key
from seatledger.domain.payments.models import Dunning, Payment
from seatledger.domain.payments.queries import find_wrong_payments
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import permissions_of
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.models import Change, ChangeKind, SoldBy, Subscription
from seatledger.faces.cli.demo import PASSWORD, list_demo_sign_ins, load_demo_if_empty, sign_in_lines
from seatledger.faces.cli.demo.loading import load_demo, sign_in_addresses
from seatledger.faces.cli.demo.organisations import ORGANISATIONS
from seatledger.faces.cli.demo.staff import STAFF
from seatledger.shared.boundary import unbind
from support import given_account

# A Saturday evening: some of the demo's zones are in Sunday already.
NOW = datetime(2026, 11, 21, 22, 50, tzinfo=UTC)


class TestDemo(TestCase):
    """Loaded once for all of them: they only look at it."""

    demo: ClassVar[dict[str, Account]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.demo = {account.name: account for account in load_demo(now=NOW, password=PASSWORD)}

    def test_every_number_agrees_and_every_promise_is_kept(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        code, output = run_command("verify")
        assert (code, output[:3]) == (0, "OK:")
        assert find_disagreements(None) == []

    def test_there_is_an_account_of_every_kind(self):
        kinds = {name: get_account_type(account, NOW) for name, account in self.demo.items()}
        assert kinds == {
            "Fjordlys Arkitekter": AccountType.TRIAL,
            "Halden & Okafor Logistics": AccountType.ACTIVE,
            "Harbour Telecom Partners": AccountType.ACTIVE,
            "Meridian Insurance Group": AccountType.ACTIVE,
            "Casa Verde Hotels": AccountType.ACTIVE,
            "Yıldız Textile Works": AccountType.EXPIRED,
            "Brightwater Research Institute": AccountType.ACTIVE,
        }
        customers = {
            name
            for name, account in self.demo.items()
            if account.provider == self.demo["Harbour Telecom Partners"]
        }
        assert customers == {"Meridian Insurance Group", "Casa Verde Hotels", "Yıldız Textile Works"}

    def test_each_organisation_has_as_many_active_people_as_it_should(self):
        active = User.objects.filter(is_active=True)
        counted = {name: active.filter(account=account).count() for name, account in self.demo.items()}
        assert counted == {organisation.name: organisation.people[1] for organisation in ORGANISATIONS}

    def test_pools_are_in_every_state_worth_showing(self):
        today = NOW.date()
        halden, casa, yildiz = (
            self.demo[name]
            for name in ("Halden & Okafor Logistics", "Casa Verde Hotels", "Yıldız Textile Works")
        )
        nearly_full = get_pool_by_key(halden, "managed-agent")
        assert 0 < (nearly_full.available_licences or 0) <= 5
        assert nearly_full.expires_on == today + timedelta(days=19)
        assert get_pool_by_key(casa, "wallboard").is_over_assigned
        assert get_pool_by_key(yildiz, "managed-agent").expires_on == today - timedelta(days=37)
        meridian = get_pool_by_key(self.demo["Meridian Insurance Group"], "wallboard")
        assert (meridian.assigned_licences, meridian.total_licences) == (2, 10)

    def test_customers_read_the_names_of_their_provider(self):  # D10
        groups = get_licence_metrics(self.demo["Meridian Insurance Group"])
        names = [metric.name for group in groups for metric in group.metrics]
        assert names[3:5] == ["HarbourTalk Desktop", "HarbourTalk CRM User Add-On"]

    def test_every_metric_of_unified_communications_is_in_use(self):
        groups = get_licence_metrics(self.demo["Meridian Insurance Group"])
        assert [metric.name for group in groups for metric in group.metrics if metric.used == 0] == []

    def test_the_admin_team_has_changed_totals_with_reasons(self):  # A31
        kinds = (EntryKind.TOTAL_CHANGED,)
        entries = list_history(self.demo["Halden & Okafor Logistics"], HistoryFilter(kinds=kinds))
        assert len(entries) == 4
        assert {entry.actor_label for entry in entries} == {"Admin Team"}
        assert all(entry.reason for entry in entries)

    def test_licences_come_from_hands_roles_and_the_list(self):  # D7
        sources = Assignment.objects.filter(account=self.demo["Meridian Insurance Group"]).values_list(
            "source", flat=True
        )
        assert set(sources) == set(Source)
        assert LedgerEntry.objects.filter(actor_kind=ActorKind.SYNC).exists()
        assert LedgerEntry.objects.filter(actor_kind=ActorKind.PROVIDER).exists()

    def test_some_people_have_left_and_some_wait_to_be_activated(self):
        halden = self.demo["Halden & Okafor Logistics"]
        users = User.objects.filter(account=halden)
        assert users.filter(is_active=False, deleted_at=None).count() > 2
        assert users.exclude(deleted_at=None).exists()

    def test_history_is_long_believable_and_never_ahead_of_its_time(self):
        for account in self.demo.values():
            instants = list(
                Event.objects.filter(account=account).order_by("sequence").values_list("at", flat=True)
            )
            assert max(instants) <= NOW
            assert instants[0] == account.opened_at
        halden = LedgerEntry.objects.filter(account=self.demo["Halden & Okafor Logistics"], held_change=1)
        at_work = [entry.at for entry in halden if entry.at.weekday() < 5]
        assert len(at_work) > 0.8 * len(halden)
        assert (NOW - min(at_work)).days > 400

    def test_those_who_are_told_can_sign_in_and_nobody_else(self):
        told = list_demo_sign_ins()
        users = {user.email: user for user in User.objects.filter(email__in=[each.email for each in told])}
        assert len(users) == len(told)
        assert all(users[each.email].check_password(PASSWORD) for each in told)
        others = User.objects.exclude(email__in=users)
        assert not any(user.has_usable_password() for user in others)
        emma = users["wilma.sjoberg@haldenokafor.example"]
        assert "users.manage" not in permissions_of(emma)

    def test_all_addresses_are_reserved_ones(self):
        emails = User.objects.values_list("email", flat=True)
        assert {email.rpartition(".")[2] for email in emails} == {"example"}
        assert all(email.isascii() for email in emails)

    def test_no_mail_is_sent_for_the_past(self):
        assert not Event.objects.filter(kind="user_invited").exists()

    def test_a_second_load_changes_nothing_and_tells_the_sign_ins(self):
        written = Event.objects.count()
        lines = load_demo_if_empty()
        assert Event.objects.count() == written
        assert lines[0] == f"Sign in with the password {PASSWORD} as"
        assert len(lines) == 1 + len(list_demo_sign_ins()) + 1 + len(STAFF)

    def test_only_a_trial_and_what_is_not_renewed_have_an_end(self):
        pools = Pool.objects.filter(account__in=self.demo.values())
        ended = pools.exclude(expires_on=None).values_list("account__name", flat=True)
        assert set(ended) == {"Fjordlys Arkitekter", "Halden & Okafor Logistics", "Yıldız Textile Works"}

    def test_a_year_of_billing_stands_on_the_pages(self):  # E18
        documents = Document.objects.filter(
            issue__isnull=False, account__in=self.demo.values()
        ).select_related("account")
        counted = Counter((row.account.name, row.kind) for row in documents)
        assert counted == {
            ("Halden & Okafor Logistics", "invoice"): 6,
            ("Harbour Telecom Partners", "invoice"): 14,
            ("Meridian Insurance Group", "invoice"): 13,
            ("Meridian Insurance Group", "credit_note"): 1,
            ("Casa Verde Hotels", "invoice"): 9,
            ("Casa Verde Hotels", "credit_note"): 1,
            ("Yıldız Textile Works", "invoice"): 1,
            ("Brightwater Research Institute", "invoice"): 7,
        }
        kinds = {tax["kind"] for row in documents for tax in row.taxes}
        assert kinds == {TaxKind.STANDARD, TaxKind.REVERSE_CHARGE, TaxKind.EXPORT}

    def test_numbers_follow_the_days_and_nothing_is_issued_before_its_day(self):
        for series in NumberSeries.objects.all():
            issues = (
                Issue.objects.filter(series=series).select_related("document", "account").order_by("number")
            )
            assert [issue.number for issue in issues] == list(range(1, len(issues) + 1))
            days = [issue.document.dated_on for issue in issues]
            assert days == sorted(days)
            issued_on = [
                issue.issued_at.astimezone(ZoneInfo(issue.account.time_zone)).date() for issue in issues
            ]
            assert issued_on == days

    def test_nothing_is_left_to_bill(self):
        for account in self.demo.values():
            assert bill_account(account=account, at=NOW, by=Actor.system()) == []

    def test_what_is_open_is_due_or_late(self):
        standing = get_standing(self.demo["Meridian Insurance Group"], on=NOW.date())
        assert standing.open_minor > standing.overdue_minor > 0

    def test_most_is_paid_one_payment_failed_and_one_account_is_asked_again(self):
        states = Counter(Payment.objects.values_list("account__name", "state"))
        assert states["Harbour Telecom Partners", "failed"] == 1
        assert states["Casa Verde Hotels", "failed"] == 1 + Dunning.objects.get(ended_at=None).steps_done
        assert sum(number for (_, state), number in states.items() if state == "succeeded") > 35
        assert Dunning.objects.get(ended_at=None).account.name == "Casa Verde Hotels"
        assert find_wrong_amounts(None) == find_wrong_payments(None) == []
        taken = Payment.objects.filter(state="succeeded", gateway="sandbox").values_list("pk", "amount_minor")
        assert charged_by_key() == dict(taken)

    def test_every_state_of_a_subscription_is_there(self):
        rows = Subscription.objects.filter(account__in=self.demo.values()).select_related("account")
        sold = {row.account.name: (row.sold_by, row.free_until, row.ended_at is None) for row in rows}
        assert len(sold) == len(ORGANISATIONS)
        assert sold["Fjordlys Arkitekter"] == (SoldBy.ONLINE, date(2026, 12, 9), False)
        assert sold["Halden & Okafor Logistics"] == (SoldBy.CONTRACT, None, False)
        assert sold["Brightwater Research Institute"] == (SoldBy.ONLINE, None, True)
        to_come = Change.objects.filter(applied_at=None, kind=ChangeKind.QUANTITY).get()
        assert (to_come.kind, to_come.quantity) == (ChangeKind.QUANTITY, 84)

    def test_the_figures_look_like_a_business(self):
        for currency in ("EUR", "GBP", "USD"):
            months = list_revenue_months_for_operator(currency)
            assert len(months) == 13
            assert months[-1].closing > months[0].closing > 0
        moved = {
            movement
            for currency in ("EUR", "GBP", "USD")
            for month in list_revenue_months_for_operator(currency)
            for movement, change in month.changes.items()
            if change
        }
        assert {Movement.NEW, Movement.EXPANSION, Movement.CHURN} <= moved
        assert find_wrong_figures(None, at=NOW) == []

    def ask(self, account: str, page: str, *args: object) -> HttpResponse:
        """Return a page as the administrator of an organisation sees it."""
        organisation = next(each for each in ORGANISATIONS if each.name == account)
        _, email, _ = sign_in_addresses(organisation)[0]
        visitor = Client()
        visitor.force_login(User.objects.get(email=email))
        unbind()
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr("django.utils.timezone.now", lambda: NOW)
            answer = visitor.get(reverse(f"portal:{page}", args=args))
        unbind()
        assert answer.status_code == 200, f"{page} of {account}"
        return answer

    def test_every_page_of_billing_opens_for_every_organisation(self):
        for name, account in self.demo.items():
            for page in ("overview", "billing", "account_summary", "billing_details", "history", "invoices"):
                self.ask(name, page)
            for pool in Pool.objects.filter(account=account, counts_active_users=False):
                self.ask(name, "pool", pool.pk)
            for document in Document.objects.filter(account=account).order_by("-dated_on")[:2]:
                self.ask(name, "invoice", document.pk)

    def test_the_summary_says_what_is_paid(self):  # E6
        text = text_of(self.ask("Brightwater Research Institute", "account_summary"))
        assert (
            "You are currently on the Enterprise plan for $16.67 per user per month, billed annually." in text
        )
        assert "for 85 user subscriptions" in text

    def test_the_vendors_staff_can_sign_in_with_the_code_that_the_page_shows(self):
        load_demo_if_empty()
        assert {member.role for member in StaffMember.objects.all() if member.may_sign_in} == set(StaffRole)
        client, known = Client(), {"email": STAFF[0].email, "password": PASSWORD}
        client.post(reverse("console:sign_in"), known)
        unbind()
        page = text_of(client.get(reverse("console:code")))
        unbind()
        assert code_at(settings.SEATLEDGER_DEMO_SECRET, timezone.now()) in page

    def test_the_command_tells_the_sign_ins(self):
        code, output = run_command("demo")
        assert code == 0
        assert output.splitlines() == sign_in_lines()
        assert (
            "  astrid.lindqvist@haldenokafor.example      Administrator, Halden & Okafor Logistics" in output
        )


@pytest.mark.django_db
def test_the_demo_is_for_an_empty_installation():
    given_account("Northwind")
    assert load_demo_if_empty() == []
    assert run_command("demo") == (
        1,
        "Error: there are accounts already. The demo is for an empty installation.\n",
    )
