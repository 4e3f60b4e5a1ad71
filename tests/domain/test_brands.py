"""How a provider looks to its customers: its name, words, colours and logo, and what of them is refused."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from seatledger.domain.accounts.branding import (
    AddressTaken,
    BrandChanged,
    NewBrand,
    NoBrandOfItsOwn,
    UnfitAddress,
    change_brand,
)
from seatledger.domain.accounts.colours import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    UnfitColour,
    check_accent,
    contrast,
    fit_accent,
    shades_of,
)
from seatledger.domain.accounts.doors import find_brand_at
from seatledger.domain.accounts.logos import LARGEST_FILE, UnfitLogo, redraw_logo
from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.accounts.queries import find_brand, find_look
from seatledger.domain.events.models import Event
from seatledger.shared.boundary import LOOKS, SIGN_IN
from support import LATER, STAFF, bound_to, given_account, given_brand, given_provider

colours = some.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
each_theme = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def change(provider: Account, **said: object) -> Brand:
    return change_brand(account=provider, new=NewBrand(**said), at=LATER, by=STAFF)


def picture(kind: str, size: tuple[int, int] = (60, 30), **more: object) -> bytes:
    """Return a picture whose left half is red."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    drawn.save(file, kind, **more)
    return file.getvalue()


@pytest.mark.django_db
def test_a_provider_has_its_own_words_for_product_names():  # D10
    provider = given_provider()
    assert change(provider, words={"UcClient": " HarbourTalk ", "Fax": " "}).words == {
        "UcClient": "HarbourTalk"
    }
    events = Event.objects.filter(kind=BrandChanged.kind())
    assert events.get().payload == {"words": {"UcClient": "HarbourTalk"}}
    change(provider, words={"UcClient": "HarbourTalk"})
    assert events.count() == 1


@pytest.mark.django_db
def test_a_customer_has_the_look_of_its_provider_and_the_provider_the_vendor_s():  # D24
    provider = given_provider()
    customer = given_account("Contoso", provider=provider)
    assert find_look(customer) is None
    brand = change(provider, name="HarbourTalk", accent_on_light="#0A5C36")
    assert find_look(customer) == find_brand(provider) == brand
    assert (find_look(provider), find_look(given_account("Stranger"))) == (None, None)
    assert (brand.accent_on_light, brand.accent_on_dark) == ("#0a5c36", fit_accent("#0a5c36", DARK))


@pytest.mark.django_db
def test_only_a_provider_has_a_brand():
    with pytest.raises(NoBrandOfItsOwn, match="has no customers"):
        change(given_account(), name="Ours")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["-a", "a--b", "ä", "a/b", "..", "a b", "x" * 41])
def test_an_address_is_made_of_few_letters(address):
    with pytest.raises(UnfitAddress, match="letters from a to z"):
        change(given_provider(), address=address)


@pytest.mark.django_db
def test_an_address_leads_to_one_brand():
    change(given_provider("One"), address="harbour")
    with pytest.raises(AddressTaken, match="“harbour” is in use already"):
        change(given_provider("Two"), address=" Harbour ")
    assert change(given_provider("Three")).address == change(given_provider("Four")).address == ""


@pytest.mark.parametrize("text", ["red", "#12345", "#gggggg", "rgb(0,0,0)", "#123456;}", ""])
def test_a_colour_is_six_digits(text):
    with pytest.raises(UnfitColour, match="six digits"):
        check_accent(text, LIGHT)


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can():
    with pytest.raises(UnfitColour, match="#ffcc00 cannot be read well on light pages: its contrast is"):
        check_accent("#ffcc00", LIGHT)
    assert check_accent(fit_accent("#ffcc00", LIGHT), LIGHT) == fit_accent("#ffcc00", LIGHT)
    with pytest.raises(UnfitColour, match="on dark pages"):
        check_accent("#0a5c36", DARK)


@each_theme
@given(colour=colours)
def test_every_colour_has_a_fit_shade_and_everything_that_follows_can_be_read(theme, colour):
    fit = fit_accent(colour, theme)
    assert check_accent(fit, theme) == fit
    shades = shades_of(fit, theme)
    assert contrast(shades["accent-text"], shades["accent-soft"]) >= LEAST_CONTRAST
    for ground in (*theme.grounds, theme.on_accent):
        assert contrast(shades["accent-hover"], ground) >= LEAST_CONTRAST


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_no_larger_than_it_is_shown(kind):
    with Image.open(BytesIO(redraw_logo(picture(kind, (1200, 600))))) as stored:
        assert (stored.format, stored.size) == ("PNG", (256, 128))
        red, green, blue, alpha = stored.getpixel((10, 10))
        assert red > 240
        assert max(green, blue) < 20
        assert alpha == 255


def test_nothing_of_the_file_but_its_points_is_kept():
    hidden = b"<script>alert(1)</script>"
    file = picture("JPEG", comment=hidden) + hidden
    assert hidden in file
    assert hidden not in redraw_logo(file)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "no picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no picture that can be read"),
        (picture("GIF"), "no picture that can be read"),
        (picture("PNG")[:60], "no picture that can be read"),
        (b"x" * (LARGEST_FILE + 1), "larger than 1 MB"),
        (picture("PNG", (4001, 1)), "larger than 4,000 points"),
    ],
)
def test_what_is_no_picture_is_refused(file, words):
    with pytest.raises(UnfitLogo, match=words):
        redraw_logo(file)


@pytest.mark.django_db
def test_a_logo_stays_until_another_comes_or_it_is_dropped():
    provider = given_provider()
    first = change(provider, logo=picture("PNG")).logo_digest
    assert change(provider, name="Harbour").logo_digest == first != ""
    assert change(provider, name="Harbour", logo=picture("PNG", (30, 30))).logo_digest not in (first, "")
    assert change(provider, drop_logo=True).logo is None


@pytest.mark.django_db
def test_a_brand_is_seen_where_people_sign_in_and_by_no_stranger():
    harbour = given_brand(given_provider(), address="harbour")
    customer, stranger = given_account("Contoso", provider=harbour), given_account("Stranger")
    for account, door, seen in (
        (None, "", None),
        (None, LOOKS, harbour),
        (None, SIGN_IN, harbour),
        (stranger, "", None),
        (customer, "", harbour),
    ):
        with bound_to(account, door=door):
            assert find_brand_at("harbour") == (seen and seen.brand)
            assert Brand.objects.update(name="Ours") == 0
