"""A provider's brand: the page where it is edited, and where its customers and nobody else see it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from reading import text_of
from seatledger.domain.accounts.models import Brand
from seatledger.domain.events.models import Event
from seatledger.domain.notifications.actions import write_messages
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.people.permissions import Permission
from seatledger.shared.boundary import unbind
from support import (
    LATER,
    administrator_of,
    given_account,
    given_brand,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
BRAND = "/settings/brand"
LIGHT, DARK = "#7a2e4d", "#e59bb8"
HEADER = ".//a[@class='brand']"


@pytest.fixture
def provider(db):
    return given_provider("Harbour Partners")


@pytest.fixture
def visitor(visit_as, provider):
    return visit_as(administrator_of(provider))


@pytest.fixture
def branded(provider):
    return given_brand(
        provider,
        name="HarbourTalk",
        address="harbour",
        accent_on_light=LIGHT,
        accent_on_dark=DARK,
        reply_to="care@harbour.example",
        logo=picture(),
    )


def picture(kind="PNG"):
    file = BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, kind)
    return file.getvalue()


def said(**more):
    return {"name": "HarbourTalk", "address": "harbour", "accent_on_light": LIGHT} | more


def test_a_provider_edits_its_brand(visitor, provider):  # D24
    given_pool(provider, given_licence_type("desktop", name="{UcClient} Desktop"))
    kind = given_licence_type("desktop")
    kind.product.brand_words = {"UcClient": "Converse"}
    kind.product.save()
    assert "Your name for Converse" in text_of(visitor.get(BRAND))
    logo = SimpleUploadedFile("logo.webp", picture("WEBP"), "image/webp")
    saved = visitor.post(BRAND, said(logo=logo, **{"word-UcClient": "Parley"}), follow=True)
    assert "The brand is saved." in text_of(saved)
    unbind()
    brand = Brand.objects.get(account=provider)
    assert (brand.name, brand.address, brand.words) == ("HarbourTalk", "harbour", {"UcClient": "Parley"})
    assert (brand.accent_on_light, brand.accent_on_dark != "") == (LIGHT, True)
    assert bytes(brand.logo).startswith(b"\x89PNG")
    assert "at/harbour/" in text_of(saved)
    kept = visitor.post(BRAND, said(), follow=True)
    assert brand.logo_digest in kept.content.decode()
    dropped = visitor.post(BRAND, said(drop_logo="on"), follow=True)
    assert brand.logo_digest not in dropped.content.decode()


def test_a_preview_stores_nothing(visitor):
    shown = visitor.post(BRAND, said(preview="yes", accent_on_dark=DARK))
    assert "Not saved yet" in text_of(shown, "#preview")
    assert "/brand/preview/7a2e4d-e59bb8.css" in shown.content.decode()
    assert not Brand.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"address": "har/bour"}, "Address for signing in: Use letters from a to z"),
        ({"accent_on_light": "#ffee00"}, "Colour on light pages: #ffee00 cannot be read well on light pages"),
        ({"accent_on_dark": "#111111"}, "Colour on dark pages: #111111 cannot be read well on dark pages"),
        ({"accent_on_light": "red"}, "Write the colour as # and six digits"),
        ({"reply_to": "nobody"}, "Answers go to: Enter a valid email address."),
    ],
)
def test_what_is_unfit_is_said_at_its_field_and_what_was_typed_stays(visitor, wrong, words):
    refused = visitor.post(BRAND, said(**wrong))
    assert refused.status_code == 422
    assert words in text_of(refused)
    for kept in (value for key, value in said().items() if key not in wrong):
        assert f'value="{kept}"' in refused.content.decode()
    assert not Brand.objects.exists()


def test_a_drawing_that_can_be_a_program_is_no_logo(visitor):
    drawing = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")
    refused = visitor.post(BRAND, said(logo=drawing))
    assert "Logo: This is no picture that can be read." in text_of(refused)


def test_who_may_edit_it(visit_as, provider):
    role = given_role(provider, permissions=[Permission.CUSTOMERS_VIEW])
    assert visit_as(given_user(provider, roles=[role])).get(BRAND).status_code == 403
    customer = visit_as(administrator_of(given_account("Contoso", provider=provider)))
    assert customer.get(BRAND).status_code == customer.post(BRAND, said()).status_code == 404


def test_customers_see_it_on_their_pages_and_nobody_else(visit_as, branded, visitor):  # D10
    customer = visit_as(administrator_of(given_account("Contoso", provider=branded)))
    page = customer.get("/")
    shown = page.content.decode()
    assert text_of(page, HEADER) == "HarbourTalk"
    assert '<link rel="stylesheet" href="/brand/7a2e4d-e59bb8.css">' in shown
    assert shown.count('class="brand-logo"') == 1
    unbind()
    for other in (visit_as(administrator_of(given_account("Stranger"))), visitor):
        theirs = other.get("/")
        assert text_of(theirs, HEADER) == "Seatledger"
        assert "/brand/" not in theirs.content.decode()


def test_people_sign_in_at_an_address_of_the_providers_own(anyone, branded):
    assert "HarbourTalk" not in anyone.get("/accounts/login/").content.decode()
    led = anyone.get("/at/harbour/")
    assert (led.status_code, led.url) == (302, "/accounts/login/")
    for page in ("/accounts/login/", "/accounts/password/reset/", "/accounts/join/"):
        shown = anyone.get(page).content.decode()
        assert "HarbourTalk" in shown
        assert "/brand/7a2e4d-e59bb8.css" in shown
    assert anyone.get("/at/harbour/accounts/join/").url == "/accounts/join/"
    nowhere = anyone.get("/no/such/page/").content.decode()
    assert "HarbourTalk" in nowhere
    assert nowhere.count('class="brand-logo"') == 1


def test_who_signs_up_does_so_with_the_vendor(anyone, branded):
    anyone.get("/at/harbour/")
    assert "HarbourTalk" not in anyone.get("/accounts/signup/").content.decode()


@pytest.mark.parametrize(
    "path", ["/at/nobody/", "/at/harbour/settings/", "/at/harbour//evil.example/", "/at/harbour/https://x/"]
)
def test_an_address_leads_nowhere_else(anyone, branded, path):
    assert anyone.get(path).status_code == 404


def test_a_style_sheet_has_only_colours_that_can_be_read(anyone):
    sent = anyone.get("/brand/7a2e4d-e59bb8.css")
    assert (sent.status_code, sent["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert sent.content.decode().startswith(":root {\n  --accent: light-dark(#7a2e4d, #e59bb8);")
    assert ".brand-preview {" in anyone.get("/brand/preview/7a2e4d-e59bb8.css").content.decode()
    for path in ("ffee00-e59bb8", "7a2e4d-111111", "red-blue", "7a2e4d-e59bb8x"):
        assert anyone.get(f"/brand/{path}.css").status_code == 404


def test_a_logo_is_sent_by_its_content(anyone, visit_as, branded, provider):
    brand = Brand.objects.get(account=provider)
    address = reverse("looks:logo", args=[provider.pk, brand.logo_digest])
    sent = anyone.get(address)
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert sent.content == bytes(brand.logo)
    assert anyone.get(reverse("looks:logo", args=[provider.pk, "0" * 64])).status_code == 404
    stranger = visit_as(administrator_of(given_account("Stranger")))
    assert stranger.get(address).status_code == 404


def test_mails_to_customers_are_the_providers(branded):
    contoso = given_account("Contoso", provider=branded)
    invited = Event.objects.get(account=contoso, kind="user_invited")
    (message,) = write_messages(event_id=invited.pk, at=LATER)
    letter = build_letter(message)
    assert letter.mail.from_email.startswith("HarbourTalk <")
    assert letter.mail.reply_to == ["care@harbour.example"]
    assert "HarbourTalk. Questions? Write to care@harbour.example" in letter.text
    assert "/at/harbour/accounts/password/reset/key/" in letter.text
    assert f"background:{LIGHT};" in letter.html
    assert f".button{{background:{DARK}!important" in letter.html


def test_mails_to_the_provider_itself_are_the_vendors(branded):
    invited = Event.objects.get(account=branded, kind="user_invited")
    (message,) = write_messages(event_id=invited.pk, at=LATER)
    letter = build_letter(message)
    assert "HarbourTalk" not in letter.html
    assert "/at/harbour/" not in letter.text
