"""Settings > What you are sent: subjects and the language, for the person who is signed in."""

import pytest
from django.urls import reverse
from signing_in import page_of

from seatledger.domain.notifications.models import MessageChoice, Topic
from seatledger.domain.people.permissions import Permission
from support import administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db

PAGE = "portal:message_choices"


def given_reader(account, *permissions: str):
    return given_user(account, "Ben Okoro", roles=[given_role(account, "Reader", permissions=permissions)])


def test_somebody_chooses_what_to_be_sent_and_in_which_language(visit_as):
    account = given_account("Northwind")
    ben = given_reader(account, Permission.BILLING_VIEW)
    visitor = visit_as(ben)
    chosen = {"topics": ["billing", "renewals"], "language": "de"}
    page = page_of(visitor.post(reverse(PAGE), chosen, follow=True))
    assert "Your choice is saved." in page
    choice = MessageChoice.objects.get(user=ben)
    assert (choice.topics, choice.language) == (["renewals", "billing"], "de")
    assert 'value="billing" checked' in " ".join(page.split())
    page_of(visitor.post(reverse(PAGE), {"language": ""}, follow=True))
    assert MessageChoice.objects.get(user=ben).topics == []


def test_what_somebody_may_not_see_cannot_be_chosen(visit_as):
    account = given_account("Northwind")
    ben = given_reader(account, Permission.LICENCES_VIEW)
    visitor = visit_as(ben)
    page = " ".join(page_of(visitor.get(reverse(PAGE))).split())
    assert 'value="billing" disabled aria-describedby="why-billing"' in page
    assert 'value="licences">' in page
    answer = visitor.post(reverse(PAGE), {"topics": ["billing"], "language": ""})
    assert answer.status_code == 422
    assert "You may not see “Invoices and payments”." in page_of(answer)
    assert not MessageChoice.objects.exists()


def test_the_main_contact_gets_all_and_keeps_what_was_chosen_before(visit_as):  # A23
    account = given_account("Northwind")
    ann = administrator_of(account)
    MessageChoice.objects.create(account=account, user=ann, topics=["licences"])
    visitor = visit_as(ann)
    page = " ".join(page_of(visitor.get(reverse(PAGE))).split())
    assert page.count("checked disabled") == len(Topic)
    assert "You are the main contact and get all of these." in page
    visitor.post(reverse(PAGE), {"language": "de"})
    choice = MessageChoice.objects.get(user=ann)
    assert (choice.topics, choice.language) == (["licences"], "de")


@pytest.mark.parametrize("sent", [{"topics": "gossip"}, {"language": "xx"}])
def test_what_there_is_not_is_refused(visit_as, sent):
    account = given_account("Northwind")
    visitor = visit_as(given_reader(account, Permission.BILLING_VIEW))
    assert visitor.post(reverse(PAGE), sent).status_code == 422
    assert not MessageChoice.objects.exists()


def test_settings_and_profile_lead_there(visit_as):
    visitor = visit_as(given_user(given_account("Northwind")))
    for place in ("portal:settings", "portal:profile"):
        assert f'href="{reverse(PAGE)}"' in page_of(visitor.get(reverse(place)))
