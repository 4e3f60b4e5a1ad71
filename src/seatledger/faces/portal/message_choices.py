"""Settings > What you are sent: which e-mails a signed-in person gets beside those that concern him alone."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from seatledger.domain.notifications.actions import choose_messages
from seatledger.domain.notifications.models import Language, Topic
from seatledger.domain.notifications.queries import Offers, get_offers
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused


class MessageChoicesForm(forms.Form):
    """The topics somebody ticks, and the language of what is sent."""

    topics = forms.MultipleChoiceField(choices=Topic.choices, required=False)
    language = forms.ChoiceField(
        label="Language of e-mails",
        choices=[("", "As the account's"), *Language.choices],
        required=False,
        help_text="E-mails are written in English or German; other languages read English.",
    )

    def __init__(self, data: QueryDict | None = None, *, offers: Offers) -> None:
        super().__init__(data, initial={"language": offers.language})


@private(None)
@require_http_methods(["GET", "POST"])
def show_message_choices(request: PortalRequest) -> HttpResponse:
    """Show what one is sent, and change it."""
    offers = get_offers(request.user)
    if request.method == "GET":
        return _show(request, MessageChoicesForm(offers=offers), offers)
    form = MessageChoicesForm(request.POST, offers=offers)
    if form.is_valid():
        # What the main contact gets anyhow has no boxes to tick, so what was chosen before that stays chosen.
        topics = form.cleaned_data["topics"]
        if offers.is_main_contact:
            topics = offers.chosen
        language = form.cleaned_data["language"]
        try:
            choose_messages(
                user=request.user, topics=topics, language=language, at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your choice is saved.")
            return redirect("portal:message_choices")
    return _show(request, form, offers, status=422)


def _show(
    request: PortalRequest, form: MessageChoicesForm, offers: Offers, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "offers": offers, "email": request.user.email}
    return render(request, "portal/message_choices.html", context, status=status)
