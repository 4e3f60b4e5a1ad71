"""Administration > Users > Import: a list of users, checked first, then added whole or not at all."""

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.licences.actions import add_users
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import list_roles
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.user_files import EXAMPLE, Mistake, UserList, read_users

MOST_BYTES = 1_000_000


class UserListUpload(forms.Form):
    """A CSV file, or its text: after the first check the text is shown, so that it can be corrected there."""

    file = forms.FileField(label="CSV file", required=False)
    text = forms.CharField(
        label="or its text",
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 10}),
        strip=False,
    )

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        file = found.get("file")
        if isinstance(file, UploadedFile):
            found["text"] = _text_of(file)
        if not found.get("text"):
            raise forms.ValidationError("Choose a file or paste its text.")
        return found


def _text_of(file: "UploadedFile[bytes]") -> str:
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError("The file is larger than 1 MB. Split it.")
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError("The file is not UTF-8. Save it as “CSV UTF-8” and try again.") from None


@private(Permission.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
def import_users(request: PortalRequest) -> HttpResponse:
    """Check a list of users and say what would happen; add them when asked to and nothing is wrong."""
    form = UserListUpload(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "example": EXAMPLE}
    if not form.is_valid():
        return render(request, "portal/import_users.html", context, status=422 if form.is_bound else 200)
    text = form.cleaned_data["text"]
    roles = {role.name.lower(): role.pk for role in list_roles(request.account)}
    found = read_users(text, roles)
    for_good = request.POST.get("do") == "add"
    mistakes = found.mistakes or _add(request, found, for_good=for_good)
    if for_good and not mistakes:
        messages.success(request, f"Added {len(found.users)} users.")
        return redirect("portal:users")
    context |= {"mistakes": mistakes, "found": found, "text": text, "checked": True}
    return render(request, "portal/import_users.html", context, status=422 if mistakes else 200)


def _add(request: PortalRequest, found: UserList, *, for_good: bool) -> list[Mistake]:
    batch = add_users(
        account=request.account,
        users=found.users,
        dry_run=not for_good,
        at=timezone.now(),
        by=request.actor,
    )
    return [Mistake(found.lines[row.index], str(row.refusal)) for row in batch.refused]
