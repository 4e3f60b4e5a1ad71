"""How a provider looks to its customers: changed by the provider."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.colours import DARK, LIGHT, check_accent, fit_accent
from seatledger.domain.accounts.logos import redraw_logo
from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_email, clean_name, clean_text

_ADDRESS: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME: Final = 100
_LONGEST_ADDRESS: Final = 40


@dataclass(frozen=True)
class BrandChanged(Happening):
    words: dict[str, str]


@dataclass(frozen=True)
class NewBrand:
    """All that a brand says. `logo` is a file as it was uploaded; None keeps the one there is."""

    name: str = ""
    address: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    accent_on_light: str = ""
    accent_on_dark: str = ""
    reply_to: str = ""
    logo: bytes | None = None
    drop_logo: bool = False


class NoBrandOfItsOwn(Refused):
    """Only who has customers has a brand that they see."""

    code = "no_brand_of_its_own"


class UnfitAddress(Refused):
    """This cannot be the end of an address."""

    code = "unfit_brand_address"


class AddressTaken(Refused):
    """Another provider's customers sign in there."""

    code = "brand_address_taken"


@transaction.atomic
def change_brand(*, account: Account, new: NewBrand, at: datetime, by: Actor) -> Brand:
    """Have the provider `account` look so to its customers from now on; issued documents stay as they are.

    Raises NoBrandOfItsOwn, UnfitText, UnfitAddress, AddressTaken, UnfitColour, UnfitEmail and UnfitLogo.
    """
    if not account.is_provider:
        raise NoBrandOfItsOwn(
            "This account has no customers. Ask the Admin Team to make it a provider first."
        )
    account = lock_account(account)
    brand = Brand.objects.filter(account=account).first() or Brand(account=account)
    before = _said_by(brand)
    brand.name = clean_text(new.name, _LONGEST_NAME, what="The name")
    brand.address = _clean_address(new.address)
    brand.words = {
        clean_name(word, _LONGEST_NAME): clean_name(text, _LONGEST_NAME)
        for word, text in new.words.items()
        if text.strip()
    }
    brand.accent_on_light, brand.accent_on_dark = accents_of(new)
    brand.reply_to = clean_email(new.reply_to) if new.reply_to.strip() else ""
    if new.drop_logo or new.logo is not None:
        brand.logo = None if new.logo is None else redraw_logo(new.logo)
        brand.logo_digest = "" if brand.logo is None else hashlib.sha256(brand.logo).hexdigest()
    if _said_by(brand) == before:
        return brand
    brand.changed_at = at
    taken = AddressTaken(f"The address “{brand.address}” is in use already. Choose another one.")
    with refusing("an_address_leads_to_one_brand", taken):
        brand.save()
    record(BrandChanged(words=brand.words), account=account, at=at, by=by)
    return brand


def accents_of(new: NewBrand) -> tuple[str, str]:
    """Return the accent on light and on dark pages. One that is not given follows from the other. Raises UnfitColour."""
    light, dark = new.accent_on_light.strip(), new.accent_on_dark.strip()
    light = check_accent(light, LIGHT) if light else ""
    dark = check_accent(dark, DARK) if dark else ""
    return light or (dark and fit_accent(dark, LIGHT)), dark or (light and fit_accent(light, DARK))


def _clean_address(text: str) -> str:
    address = text.strip().lower()
    if address and (len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        raise UnfitAddress(
            "Use letters from a to z, digits and single hyphens between them for the address, 40 at most."
        )
    return address


def _said_by(brand: Brand) -> tuple[object, ...]:
    return (
        brand.name,
        brand.address,
        brand.words,
        brand.accent_on_light,
        brand.accent_on_dark,
        brand.reply_to,
        brand.logo_digest,
    )
