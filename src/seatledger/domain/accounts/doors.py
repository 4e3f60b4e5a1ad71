"""What anybody may ask of a brand, signed in or not: the database shows it where people sign in, and to its customers."""

from uuid import UUID

from seatledger.domain.accounts.models import Brand


def find_brand_at(address: str) -> Brand | None:
    """Return the brand whose customers sign in at an address."""
    return Brand.objects.filter(address=address).defer("logo").first() if address else None


def find_logo(account_id: UUID, digest: str) -> bytes | None:
    """Return the logo of an account's brand, as long as it has this digest."""
    brand = Brand.objects.filter(account=account_id, logo_digest=digest, logo__isnull=False).first()
    return bytes(brand.logo) if brand and brand.logo else None
