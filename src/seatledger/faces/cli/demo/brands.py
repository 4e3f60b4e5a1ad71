"""How the demo's provider looks to its customers."""

from io import BytesIO

from PIL import Image, ImageDraw

from seatledger.domain.accounts.branding import NewBrand


def _draw_logo() -> bytes:
    """Return a lighthouse above two waves."""
    picture = Image.new("RGB", (128, 128), "#ffffff")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(52, 40), (76, 40), (84, 92), (44, 92)], fill="#7a2e4d")
    pen.rectangle([(50, 28), (78, 40)], fill="#e0a526")
    pen.polygon([(46, 28), (82, 28), (64, 10)], fill="#7a2e4d")
    for top in (92, 108):
        for left in range(-16, 128, 32):
            pen.arc([(left, top), (left + 32, top + 16)], 180, 360, fill="#2c5f7c", width=5)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


HARBOUR_BRAND = NewBrand(
    name="Harbour Telecom",
    address="harbour",
    words={"UcClient": "HarbourTalk"},
    accent_on_light="#7a2e4d",
    accent_on_dark="#e59bb8",
    reply_to="care@harbourtelecom.example",
    logo=_draw_logo(),
)
