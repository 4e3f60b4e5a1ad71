"""A provider's customers: the list, one customer's licences, and their maximums."""

import pytest
from django.urls import reverse

from reading import number_of_queries, text_of
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.queries import get_pool
from seatledger.domain.people.permissions import Permission
from seatledger.shared.boundary import unbind
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_brand,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
CUSTOMERS = "/customers/"


@pytest.fixture
def provider(db):
    return given_provider("Harbour Partners")


@pytest.fixture
def contoso(provider):
    return given_account("Contoso", provider=provider)


@pytest.fixture
def screens(contoso):
    pool = given_pool(contoso, given_device_type(), total_licences=10)
    given_device(pool, "Lobby")
    given_device(pool, "Hall")
    return pool


@pytest.fixture
def visitor(visit_as, provider):
    return visit_as(administrator_of(provider))


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def edited(pool, total, **more):
    return {f"total-{pool.pk}": total, "reason": "Contract 12", **more}


def test_the_list_shows_each_customer_and_the_provider_s_totals(visitor, provider, screens):  # D24
    other = given_account("Alder Legal", provider=provider)
    given_account("Stranger")
    given_device(given_pool(other, given_device_type(), total_licences=1))
    page = visitor.get(CUSTOMERS)
    shown = text_of(page)
    assert "Customers 2 customer accounts" in shown
    assert "Active users 2 of all customers together" in shown
    assert "Licences in use 3 of all customers together" in shown
    assert [line.customer.name for line in page.context["lines"]] == ["Alder Legal", "Contoso"]
    assert [line.licences_in_use for line in page.context["lines"]] == [1, 2]
    assert [line.active_users for line in page.context["lines"]] == [1, 1]
    assert "Wallboard 2 customers use Wallboard 3 Wallboard licences in use" in text_of(page, "#use-by-type")
    assert "Stranger" not in shown


def test_a_customer_is_found_by_name_or_serial_number(visitor, contoso, provider):
    given_account("Alder Legal", provider=provider)
    for search in ("conto", contoso.serial_number):
        page = visitor.get(CUSTOMERS, {"search": search})
        assert [line.customer.name for line in page.context["lines"]] == ["Contoso"]
    assert "No customer fits" in text_of(visitor.get(CUSTOMERS, {"search": "zebra"}))


def test_the_list_is_narrowed_to_who_uses_a_licence_type(visitor, provider, screens):
    given_account("Alder Legal", provider=provider)
    page = visitor.get(CUSTOMERS, {"type": screens.licence_type_id})
    assert [(line.customer.name, line.used) for line in page.context["lines"]] == [("Contoso", 2)]
    assert "Wallboard" in text_of(page, ".//*[@id='customers']//thead")
    for nonsense in ("x", "00000000-0000-0000-0000-000000000000"):
        assert visitor.get(CUSTOMERS, {"type": nonsense}).status_code == 404


def test_a_customer_s_pages_show_that_customer(visitor, contoso, screens):
    assert contoso.serial_number in text_of(visitor.get(url("customer", contoso.pk)))
    assert "2 /10" in text_of(visitor.get(url("customer_metrics", contoso.pk)), "#metric-wallboard")
    assert "Lobby" in text_of(visitor.get(url("customer_holders", contoso.pk, screens.pk)), "#holders")
    assert "Hall" in text_of(visitor.get(url("customer_history", contoso.pk)), "#history")
    file = visitor.get(url("customer_history_csv", contoso.pk))
    assert "Hall" in b"".join(file.streaming_content).decode()
    unbind()


def test_a_maximum_is_edited_and_saved(visitor, provider, contoso, screens):  # D19, D20, D21
    metrics = visitor.get(url("customer_metrics", contoso.pk))
    assert text_of(metrics, ".//*[@class='section-head']") == "Licence usage Edit"
    form = visitor.get(url("edit_customer_metrics", contoso.pk)).content.decode()
    assert f'name="total-{screens.pk}" value="10"' in form
    assert get_pool(contoso, screens.pk).total_licences == 10
    saved = visitor.post(url("edit_customer_metrics", contoso.pk), edited(screens, 12), follow=True)
    assert "1 maximum was changed." in text_of(saved)
    assert "2 /12" in text_of(saved, "#metric-wallboard")
    entry = LedgerEntry.objects.filter(account=contoso).latest("sequence")
    assert (entry.actor_kind, entry.actor_label, entry.reason) == (
        "provider",
        "Harbour Partners",
        "Contract 12",
    )


def test_a_maximum_is_changed_for_a_reason(visitor, contoso, screens):
    refused = visitor.post(url("edit_customer_metrics", contoso.pk), edited(screens, 12, reason=" "))
    assert refused.status_code == 422
    assert "Reason: This field is required." in text_of(refused)
    assert get_pool(contoso, screens.pk).total_licences == 10


def test_a_maximum_below_use_is_refused_unless_it_is_meant(visitor, contoso, screens):
    refused = visitor.post(url("edit_customer_metrics", contoso.pk), edited(screens, 1))
    assert refused.status_code == 422
    assert "2 Wallboard licences are in use. Release 1 first, or save 2 or more." in text_of(refused)
    assert "Save a number below what is in use" in text_of(refused)
    assert get_pool(contoso, screens.pk).total_licences == 10
    meant = visitor.post(
        url("edit_customer_metrics", contoso.pk), edited(screens, 1, allow_below_use="on"), follow=True
    )
    assert "1 over-assigned" in text_of(meant, "#metric-wallboard")


@pytest.mark.parametrize("total", ["", "-1", "many", "9" * 40, "10000001", "1e3"])
def test_an_odd_maximum_is_refused(visitor, contoso, screens, total):
    answer = visitor.post(url("edit_customer_metrics", contoso.pk), edited(screens, total))
    assert answer.status_code == 422
    assert get_pool(contoso, screens.pk).total_licences == 10


def test_names_are_the_provider_s_own(visitor, provider, contoso):  # D10
    given_brand(provider)
    given_pool(contoso, given_licence_type("desktop", name="{UcClient} Desktop"))
    assert "Parley Desktop" in text_of(visitor.get(url("customer_metrics", contoso.pk)))
    assert "Parley Desktop" in text_of(visitor.get(CUSTOMERS), "#use-by-type")


def test_a_stranger_is_no_customer(visitor, contoso, provider):
    stranger = given_account("Stranger")
    pool = given_pool(stranger)
    for name in ("customer", "customer_metrics", "customer_history", "customer_history_csv"):
        for account in (stranger, provider):
            assert visitor.get(url(name, account.pk)).status_code == 404
    assert visitor.get(url("customer_holders", contoso.pk, pool.pk)).status_code == 404
    assert visitor.post(url("edit_customer_metrics", stranger.pk), edited(pool, 99)).status_code == 404
    assert get_pool(stranger, pool.pk).total_licences == 10


def test_a_customer_has_no_customers(visit_as, contoso):
    visitor = visit_as(administrator_of(contoso))
    assert "Customers" not in text_of(visitor.get("/"), ".//nav[@aria-label='Main menu']")
    assert visitor.get(CUSTOMERS).status_code == 404
    assert visitor.get(url("customer", contoso.pk)).status_code == 404


def test_the_provider_s_menu_leads_to_its_customers(visitor):
    assert "Customers" in text_of(visitor.get("/"), ".//nav[@aria-label='Main menu']")


def test_who_may_only_look_changes_no_maximum(visit_as, provider, contoso, screens):
    role = given_role(provider, permissions=[Permission.CUSTOMERS_VIEW])
    reader = visit_as(given_user(provider, roles=[role]))
    assert "Edit" not in text_of(reader.get(url("customer_metrics", contoso.pk)))
    assert reader.get(url("edit_customer_metrics", contoso.pk)).status_code == 403
    nobody = given_role(provider, "Nobody", permissions=[Permission.USERS_VIEW])
    blind = visit_as(given_user(provider, "Rita Read", roles=[nobody]))
    assert blind.get(CUSTOMERS).status_code == 403


def test_without_customers_the_page_says_so(visitor):
    assert "No customers yet" in text_of(visitor.get(CUSTOMERS))


def test_nothing_to_limit_is_said(visitor, contoso):
    assert "Nothing to limit" in text_of(visitor.get(url("edit_customer_metrics", contoso.pk)))


def test_three_customers_take_as_many_queries_as_one(visit_as):
    one, three = given_provider("One Partner"), given_provider("Three Partners")
    kind = given_licence_type()
    for provider, number in ((one, 1), (three, 3)):
        for index in range(number):
            account = given_account(f"{provider.name} {index}", provider=provider)
            assign_licence(pool=given_pool(account, kind), user=given_user(account), at=LATER, by=STAFF)
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, CUSTOMERS) == number_of_queries(many, CUSTOMERS)
