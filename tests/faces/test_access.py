"""Who may open what: every address of the product, asked for by every kind of visitor, with the ids of every kind of account.

The table of who may (`access_rows.py`) is written apart from the code; the addresses come from the product's own.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from access_rows import CONSOLE, DEEDS, OPEN, OWN_SIGN_IN, PORTAL, TO_CHANGE
from django.conf import settings
from django.db import transaction
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from billing_rows import given_document, given_quotation, given_rows_of_payments
from buying import given_method
from conftest import Visitor
from exporting import given_ready_export
from hooks import given_rows_of_webhooks
from leaving import close
from message_rows import given_rows_of_messages
from seatledger.domain.accounts.models import Account, AccountKind
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Pool
from seatledger.domain.notifications.models import Message, MessageKind, WebhookDelivery, WebhookEndpoint
from seatledger.domain.payments.models import Order, Payment, Setup
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.people.permissions import BILLING_PERMISSIONS, EVERY_PERMISSION, GRANTABLE_PERMISSIONS
from seatledger.domain.staff import deeds
from seatledger.domain.staff.actions import Intent, do_deed, end_staff
from seatledger.domain.staff.permissions import ALLOWED, StaffRole
from seatledger.domain.subscriptions.actions import cancel_subscription
from seatledger.domain.subscriptions.models import EmailDomain, TakesEffect
from seatledger.faces.console.boundary import COOKIE
from seatledger.shared.boundary import unbind
from selling import given_subscription
from staffing import given_member
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
    refreshed,
)

Ids = dict[str, object]
# What an answer means. A page that only takes the other method was admitted that far.
ADMITTED, REFUSED, HIDDEN, SIGN_IN = "admitted", "refused", "hidden", "asked to sign in"
DOORS = ("/accounts/login/", "/console/sign-in/")
# A provider's routes to its customers; what they lead to is the customers' own.
TO_CUSTOMERS = {name for name in PORTAL if "customer" in name}


def every_route() -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the product with its name, the portal's without a prefix."""

    def below(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from below(each, each.namespace or space)
            else:
                prefix = "" if space in {"", "portal", "ui"} else f"{space}:"
                yield f"{prefix}{each.name}", each

    yield from below(get_resolver(), "")


ROUTES = dict(every_route())
WITH_IDS = {name for name in PORTAL if ROUTES[name].pattern.converters}


def address_of(name: str, ids: Ids, **more: object) -> str:
    space = "" if name in OWN_SIGN_IN else "portal:" if name in PORTAL else ""
    wanted = {**ids, **more}
    return reverse(f"{space}{name}", kwargs={key: wanted[key] for key in ROUTES[name].pattern.converters})


def all_of(names: Iterable[str], verdict: str) -> dict[str, set[str]]:
    """Return what is wanted where every route is to answer the same."""
    return {name: {verdict} for name in names}


def visitor_of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.force_login(user)
    unbind()
    return visitor


def verdict_of(answer: Any) -> str:
    """Return what an answer means."""
    if answer.status_code == 302 and answer.url.startswith(DOORS):
        return SIGN_IN
    return {403: REFUSED, 404: HIDDEN}.get(answer.status_code, ADMITTED)


def verdicts(visitor: Visitor, address: str, *methods: str) -> set[str]:
    """Ask with each method, undo what it did, and return what the answers mean; a wrong method means nothing beside another."""
    found = set()
    for method in methods or ("get", "post"):
        with transaction.atomic():
            answer = getattr(visitor, method)(address)
            transaction.set_rollback(True)
        assert answer.status_code < 500, address
        if answer.status_code != 405 or len(methods) == 1:
            found.add(verdict_of(answer))
    return found


def given_things(account: Account, customer: Account | None = None) -> Ids:
    """Give an account one thing of each kind, and return their ids."""
    pool = given_pool(account)
    user = given_user(account, "Mallory Nosy")
    role = given_role(account, "Spies")
    device = given_device(given_pool(account, given_device_type()))
    invoice = given_document(account)
    given_rows_of_payments(account, invoice)
    given_rows_of_webhooks(account)
    assignment = assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    subscription = given_subscription(account, at=LATER)
    item = subscription.items.get()
    end = cancel_subscription(
        subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=LATER, by=STAFF
    )
    domain = EmailDomain.objects.create(account=account, domain=f"{account.pk}.example", asked_at=LATER)
    return {
        "customer_id": (customer or account).pk,
        "pool_id": pool.pk,
        "user_id": user.pk,
        "role_id": role.pk,
        "model_id": role.pk,
        "device_id": device.pk,
        "document_id": invoice.pk,
        "endpoint_id": WebhookEndpoint.objects.get(account=account).pk,
        "delivery_id": WebhookDelivery.objects.get(account=account).pk,
        "order_id": Order.objects.get(account=account).pk,
        "payment_id": Payment.objects.get(account=account).pk,
        "setup_id": Setup.objects.get(account=account).pk,
        "region": "uk",
        "kind": "pdf",
        "item_id": item.pk,
        "quotation_id": given_quotation(account, item).pk,
        "export_id": given_ready_export(account).pk,
        "change_id": end.pk,
        "method_id": given_method(account).pk,
        "assignment_id": assignment.pk,
        "domain_id": domain.pk,
        "pk": 1,
    }


class TestEveryRoute(TestCase):
    def test_every_route_has_a_row_and_every_row_a_route(self):
        rows = {*PORTAL, *OWN_SIGN_IN, *OPEN, *(f"console:{name}" for name in CONSOLE)}
        assert set(ROUTES) == rows

    def test_the_code_asks_for_what_the_row_says(self):
        asked = {
            name: getattr(route.callback, "required_permission", "nothing") for name, route in ROUTES.items()
        }
        said = {**PORTAL, **{f"console:{name}": needed for name, needed in CONSOLE.items()}}
        said |= dict.fromkeys(OWN_SIGN_IN)
        assert {name: needed for name, needed in asked.items() if name not in OPEN} == said
        assert [name for name in OPEN if not getattr(ROUTES[name].callback, "public", False)] == []
        assert {name: deed.permission for name, deed in deeds.DEEDS.items()} == DEEDS


class TestThePortal(TestCase):
    """A provider with a customer, a stranger, another provider's customer, and accounts that were closed."""

    ids: ClassVar[dict[str, Ids]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.own = given_provider("Harbour Partners")
        customer = given_account("Tailwind", provider=cls.own)
        cls.ids = {
            "own": given_things(cls.own, customer),
            "own customer": given_things(customer),
            "stranger": given_things(given_account("Contoso")),
            "other customer": given_things(given_account("Fabrikam", provider=given_provider("Other Quay"))),
        }

    def asked_by(self, user: User, whose: str = "own", *methods: str) -> dict[str, set[str]]:
        """Return what the portal answers to somebody on every route, with the ids of an account."""
        visitor = visitor_of(user)
        return {
            name: verdicts(visitor, self.address(name, whose), *methods)
            for name in PORTAL
            if whose == "own" or name in WITH_IDS
        }

    def address(self, name: str, whose: str) -> str:
        """Return a route's address; below a customer the things are the customer's."""
        below_customer = name in TO_CUSTOMERS and whose == "own"
        pool_id = self.ids["own customer" if below_customer else whose]["pool_id"]
        return address_of(name, self.ids[whose], pool_id=pool_id)

    def test_who_is_not_signed_in_is_asked_to(self):
        visitor = Visitor()
        found = {name: verdicts(visitor, self.address(name, "own")) for name in (*PORTAL, *OWN_SIGN_IN)}
        assert found == all_of((*PORTAL, *OWN_SIGN_IN), SIGN_IN)

    def test_an_administrator_may_everything(self):
        assert self.asked_by(administrator_of(self.own)) == all_of(PORTAL, ADMITTED)

    def test_the_billing_role_may_what_it_allows(self):
        role = Role.objects.get(account=self.own, built_in=BuiltInRole.BILLING)
        cara = given_user(self.own, "Cara Bill", roles=[role], at=LATER)
        assert self.asked_by(cara, "own", "get") == self.wanted_of(BILLING_PERMISSIONS)

    def test_without_a_role_only_ones_own_pages_open(self):
        nora = given_user(self.own, "Nora None", at=LATER)
        wanted = self.wanted_of(frozenset())
        assert self.asked_by(nora) == wanted | {name: {ADMITTED, REFUSED} for name in TO_CHANGE}

    def wanted_of(self, allowed: frozenset[str]) -> dict[str, set[str]]:
        return {
            name: {ADMITTED if needed is None or needed in allowed else REFUSED}
            for name, needed in PORTAL.items()
        }

    def test_each_permission_opens_its_routes_and_no_other_does(self):
        role = given_role(self.own, "Narrow")
        visitor = visitor_of(given_user(self.own, "Dana Narrow", roles=[role], at=LATER))
        found: dict[str, list[set[str]]] = {}
        for permission in sorted(EVERY_PERMISSION):
            names = [name for name, needed in PORTAL.items() if needed == permission]
            for allowed, methods in (([permission], ["get"]), (EVERY_PERMISSION - {permission}, [])):
                Role.objects.filter(pk=role.pk).update(permissions=sorted(allowed))
                for name in names:
                    asked = verdicts(visitor, self.address(name, "own"), *methods)
                    found.setdefault(name, []).append(asked)
        assert found == {
            name: [{ADMITTED if needed in GRANTABLE_PERMISSIONS else REFUSED}, {REFUSED}]
            for name, needed in PORTAL.items()
            if needed
        }

    def test_another_accounts_ids_answer_like_none(self):
        for kind, whose in ((AccountKind.CUSTOMER, "stranger"), (AccountKind.PROVIDER, "other customer")):
            visitor = administrator_of(given_account(f"Northwind {kind}", kind=kind))
            assert self.asked_by(visitor, whose) == all_of(WITH_IDS, HIDDEN), (kind, whose)

    def test_a_customers_things_open_to_its_provider_below_the_customer_alone(self):
        found = self.asked_by(administrator_of(self.own), "own customer")
        assert {name for name, verdict in found.items() if verdict != {HIDDEN}} == TO_CUSTOMERS & WITH_IDS

    def test_a_customer_does_not_enter_its_provider_nor_itself_as_a_customer(self):
        visitor = visitor_of(administrator_of(Account.objects.get(name="Tailwind")))
        for name in TO_CUSTOMERS & WITH_IDS:
            assert verdicts(visitor, self.address(name, "own customer")) == {HIDDEN}, name

    def test_sessions_of_a_closed_account_end_and_nobody_signs_in_any_more(self):
        closed = given_account("Eastwind")
        ann = administrator_of(closed)
        ann.set_password("correct horse battery")
        ann.save(update_fields=["password"])
        visitor = visitor_of(ann)
        assert verdicts(visitor, reverse("portal:overview"), "get") == {ADMITTED}
        close(closed)
        for who in (visitor, visitor_of(refreshed(ann))):
            found = {name: verdicts(who, self.address(name, "own"), "get") for name in PORTAL}
            assert found == all_of(PORTAL, SIGN_IN)
        typed = {"login": ann.email, "password": "correct horse battery"}
        visitor.post(reverse("account_login"), typed)
        assert verdicts(visitor, reverse("portal:overview"), "get") == {SIGN_IN}

    def test_a_closed_customer_is_hidden_from_its_provider(self):
        customer = Account.objects.get(name="Tailwind")
        Account.objects.filter(pk=customer.pk).update(closed_at=timezone.now())
        visitor = visitor_of(administrator_of(self.own))
        found = {name: verdicts(visitor, self.address(name, "own")) for name in TO_CUSTOMERS & WITH_IDS}
        assert found == all_of(TO_CUSTOMERS & WITH_IDS, HIDDEN)
        assert "Tailwind" not in visitor.get(reverse("portal:customers")).content.decode()


class TestTheConsole(TestCase):
    """Every role of the staff, and everybody who is none of them."""

    ids: ClassVar[Ids]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.account = given_account()
        cls.roles = {role: given_member(f"{role.title()} Member", role) for role in StaffRole}
        things = given_things(cls.account)
        intent = Intent("change_total", {"pool_id": str(things["pool_id"]), "total": 5_000}, "Agreed")
        by = Actor.admin_team(cls.roles[StaffRole.BILLING].pk)
        waiting = do_deed(account=cls.account, intent=intent, at=LATER, by=by)
        pool = Pool.objects.get(pk=things["pool_id"])
        given_rows_of_messages(cls.account, administrator_of(cls.account), pool)
        cls.ids = {
            "serial": cls.account.serial_number,
            "name": "change_total",
            "document_id": things["document_id"],
            "quotation_id": things["quotation_id"],
            "deed_id": waiting.pk,
            "message_id": Message.objects.get(account=cls.account, kind=MessageKind.WELCOME).pk,
            "member_id": given_member("Olga Other").pk,
            "transfer_id": "00000000-0000-4000-8000-000000000000",
            "kind": "json",
        }
        cls.things = things

    def found_by(self, visitor: Visitor) -> dict[str, set[str]]:
        others = {"figures_file": {"name": "revenue"}, "quotation_file": {"kind": "pdf"}}
        asked = {
            name: verdicts(
                visitor,
                address_of(f"console:{name}", {**self.ids, **others.get(name, {})}),
            )
            for name in CONSOLE
        }
        for name in DEEDS:
            query = "&".join(
                f"{key}={self.things[key]}" for key in ("pool_id", "item_id", "document_id", "quotation_id")
            )
            address = address_of("console:deed", {**self.ids, "name": name})
            asked[f"deed {name}"] = verdicts(visitor, f"{address}?{query}", "get")
        return asked

    def test_each_role_may_what_it_allows(self):
        needs = {**CONSOLE, **{f"deed {name}": needed for name, needed in DEEDS.items()}}
        # Nothing of these kinds is there: who may look for them is told so.
        not_there = {"transfer", "take_up_transfer", "certificate"}
        for role, member in self.roles.items():
            allowed = ALLOWED[role]
            needs["deed"] = DEEDS["change_total"]
            wanted = {
                name: {REFUSED}
                if needed is not None and needed not in allowed
                else {HIDDEN if name in not_there else ADMITTED}
                for name, needed in needs.items()
            }
            assert self.found_by(sign_in_staff(member)) == wanted, role

    def test_everybody_else_is_asked_to_sign_in(self):
        gone = given_member("Gone Member")
        left = sign_in_staff(gone)
        end_staff(member=gone, at=LATER, by=Actor.admin_team(self.roles[StaffRole.ADMINISTRATOR].pk))
        customer = visitor_of(administrator_of(self.account))
        disguised = visitor_of(administrator_of(self.account))
        disguised.cookies[COOKIE] = disguised.cookies[settings.SESSION_COOKIE_NAME].value
        for who in (Visitor(), customer, disguised, left):
            found = self.found_by(who)
            assert found == all_of(found, SIGN_IN)

    def test_staff_are_nobody_in_the_portal(self):
        visitor = sign_in_staff(self.roles[StaffRole.ADMINISTRATOR])
        visitor.cookies[settings.SESSION_COOKIE_NAME] = visitor.cookies[COOKIE].value
        found = {name: verdicts(visitor, address_of(name, {**self.things, "kind": "pdf"})) for name in PORTAL}
        assert found == all_of(PORTAL, SIGN_IN)
