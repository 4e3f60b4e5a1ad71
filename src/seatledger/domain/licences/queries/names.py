"""What a licence type is called for one account: its name with the brand's own words in place."""

from collections.abc import Iterable
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import find_brand
from seatledger.domain.catalogue.models import LicenceType, Product
from seatledger.domain.licences.models import Pool


def brand_words_of(account: Account) -> dict[str, str]:
    """Return the provider's own words for product names, which win over the product's."""
    brand = find_brand(account)
    return {str(key): str(value) for key, value in brand.words.items()} if brand else {}


def list_brand_words() -> dict[str, str]:
    """Return the words that names of licences have a place for, with what the products themselves call them."""
    named = Product.objects.filter(licence_types__name__contains="{").distinct().order_by("name")
    return {str(word): str(usual) for product in named for word, usual in product.brand_words.items()}


def branded(name: str, product_words: dict[str, str], own_words: dict[str, str]) -> str:
    """Return a name with its brand words in place: `{UcClient} Desktop` becomes `Converse Desktop`."""
    for word, text in {**product_words, **own_words}.items():
        name = name.replace("{" + word + "}", text)
    return name


def name_type(account: Account, kind: LicenceType) -> str:
    """Return what a licence type is called for the account."""
    words = brand_words_of(account) if "{" in kind.name else {}
    return branded(kind.name, kind.product.brand_words, words)


def name_pools(account: Account, pools: Iterable[Pool]) -> dict[UUID, str]:
    """Return, by pool, what the account's licences are called."""
    kinds = {pool.pk: pool.licence_type for pool in pools}
    words = brand_words_of(account) if any("{" in kind.name for kind in kinds.values()) else {}
    return {pk: branded(kind.name, kind.product.brand_words, words) for pk, kind in kinds.items()}
