"""Account > Settings > Brand: how a provider looks to its customers, with a preview before it is saved."""

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from seatledger.domain.accounts.branding import NewBrand, accents_of, change_brand
from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.accounts.queries import find_brand
from seatledger.domain.licences.queries import list_brand_words
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.looks import logo_url_of, style_url_of
from seatledger.shared.errors import NotFound, Refused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# The field that a refusal is about; a colour's says itself which theme it is for.
FIELD_OF = {
    "unfit_brand_address": "address",
    "brand_address_taken": "address",
    "unfit_logo": "logo",
    "unfit_email": "reply_to",
}
_HEX = forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "placeholder": "#085c7c"})


class BrandForm(forms.Form):
    """All that a brand says. Each word for a product is a field of its own."""

    name = forms.CharField(
        max_length=100, label="Name", help_text="On your customers' pages and as the sender of their e-mails."
    )
    address = forms.CharField(
        max_length=40,
        required=False,
        label="Address for signing in",
        help_text="The last part of the address at which your customers sign in: letters, digits and hyphens.",
    )
    reply_to = forms.EmailField(
        max_length=254,
        required=False,
        label="Answers go to",
        help_text="Where your customers' answers to e-mails arrive. Empty: the vendor's address.",
    )
    accent_on_light = forms.CharField(
        max_length=7,
        required=False,
        label="Colour on light pages",
        help_text="Of buttons and links: # and six digits. Empty: a shade of the other one.",
        widget=_HEX,
    )
    accent_on_dark = forms.CharField(
        max_length=7,
        required=False,
        label="Colour on dark pages",
        help_text="Empty: a lighter shade of the other one.",
        widget=_HEX,
    )
    logo = forms.FileField(
        required=False,
        label="Logo",
        help_text="A PNG, JPEG or WebP file of up to 1 MB; it is shown on white, 28 points high.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    drop_logo = forms.BooleanField(required=False, label="Show no logo")

    def __init__(
        self,
        data: MultiValueDict[str, str] | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        account: Account,
        brand: Brand | None,
    ) -> None:
        super().__init__(data, files, initial=_kept(account, brand))
        if brand is None or not brand.logo_digest:
            del self.fields["drop_logo"]
        self.words = list_brand_words()
        for word, usual in self.words.items():
            self.fields[f"word-{word}"] = forms.CharField(
                max_length=100,
                required=False,
                label=f"Your name for {usual}",
                help_text=f"Empty: {usual}.",
                initial=brand.words.get(word, "") if brand else "",
            )

    def word_fields(self) -> list[forms.BoundField]:
        return [self[f"word-{word}"] for word in self.words]

    def new_brand(self) -> NewBrand:
        said = self.cleaned_data
        logo = cast("UploadedFile[bytes] | None", said["logo"])
        return NewBrand(
            name=said["name"],
            address=said["address"],
            words={word: said[f"word-{word}"] for word in self.words},
            accent_on_light=said["accent_on_light"],
            accent_on_dark=said["accent_on_dark"],
            reply_to=said["reply_to"],
            logo=logo.read() if logo else None,
            drop_logo=said.get("drop_logo", False),
        )


def _kept(account: Account, brand: Brand | None) -> dict[str, str]:
    if brand is None:
        return {"name": account.name}
    names = ("name", "address", "reply_to", "accent_on_light", "accent_on_dark")
    return {name: getattr(brand, name) for name in names}


@private(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def show_brand(request: PortalRequest) -> HttpResponse:
    """Show the provider's brand as a form beside a preview. Preview shows what was typed and stores nothing."""
    provider = request.account
    if not provider.is_provider:
        raise NotFound("brand")
    brand = find_brand(provider)
    if request.method == "GET":
        return _show(request, BrandForm(account=provider, brand=brand), brand)
    form = BrandForm(request.POST, request.FILES, account=provider, brand=brand)
    if not form.is_valid():
        return _show(request, form, brand, status=422)
    try:
        if "preview" in request.POST:
            return _show(request, form, brand, accents=accents_of(form.new_brand()))
        change_brand(account=provider, new=form.new_brand(), at=timezone.now(), by=request.actor)
    except Refused as refusal:
        form.add_error(_field_of(refusal), str(refusal))
        return _show(request, form, brand, status=422)
    messages.success(request, "The brand is saved. Your customers see it from now on.")
    return redirect("portal:brand")


def _field_of(refusal: Refused) -> str | None:
    if refusal.code == "unfit_colour":
        return "accent_on_dark" if "dark pages" in str(refusal) else "accent_on_light"
    return FIELD_OF.get(refusal.code)


def _show(
    request: PortalRequest,
    form: BrandForm,
    brand: Brand | None,
    *,
    accents: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    light, dark = accents or ((brand.accent_on_light, brand.accent_on_dark) if brand else ("", ""))
    address = brand.address if brand else ""
    context = {
        "form": form,
        "previewed": accents is not None,
        "preview_name": form["name"].value() or request.account.name,
        "preview_logo": logo_url_of(brand) if brand else "",
        "preview_style": style_url_of(light, dark, name="preview"),
        "sign_in_url": request.build_absolute_uri(reverse("looks:at", args=[address])) if address else "",
    }
    return render(request, "portal/brand.html", context, status=status)
