"""A form's answer leads to another site by a page of our own, which the content policy allows."""

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from seatledger.faces.portal.leaving import leave_for

AWAY = 'https://pay.example/c/cs_1?a="><script>&b=2'


def leave(address):
    request = RequestFactory().post("/billing/methods/")
    request.user = AnonymousUser()
    return leave_for(request, address)


@pytest.mark.parametrize(
    "address", ["/gateways/sandbox/setups/1", "http://testserver/gateways/sandbox/setups/1"]
)
def test_within_this_site_it_is_a_redirect(address):
    answer = leave(address)
    assert (answer.status_code, answer["Location"]) == (302, address)


@pytest.mark.django_db
def test_to_another_site_it_is_a_page_that_opens_it_and_has_a_link():
    page = html5lib.parse(leave(AWAY).content.decode(), namespaceHTMLElements=False)
    assert next(link.get("href") for link in page.findall(".//main//a")) == AWAY
    (refresh,) = [meta for meta in page.findall(".//meta") if meta.get("http-equiv") == "refresh"]
    assert refresh.get("content") == f"0; url={AWAY}"


def test_it_leads_to_web_pages_alone():
    with pytest.raises(AssertionError):
        leave("data://text/html,x")
