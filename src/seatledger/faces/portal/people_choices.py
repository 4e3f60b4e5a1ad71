"""Drop-downs of people: the account's active users, by name."""

from typing import cast

from django import forms
from django.http import QueryDict

from seatledger.domain.accounts.models import Account
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import UserFilter, get_user, users_matching
from seatledger.shared.errors import NotFound

# More than this many options are a list to search, not to choose from.
MOST_CHOICES = 1000


def people_to_choose(account: Account, *, including: User | None = None) -> list[tuple[str, str]]:
    """Return active users as options, by name; `including` is among them, active or not."""
    users = list(users_matching(account, UserFilter(active=True))[:MOST_CHOICES])
    if including and including.pk not in {user.pk for user in users}:
        users.insert(0, including)
    return [(str(user.pk), f"{user.full_name} ({user.email})") for user in users]


class PersonForm(forms.Form):
    """A form in which a user of the account is chosen, in the field `user`."""

    user = forms.UUIDField(label="User", widget=forms.Select)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        account: Account,
        chosen: User | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial={"user": str(chosen.pk) if chosen else "", **(initial or {})})
        self.account = account
        choices = people_to_choose(account, including=chosen)
        if not self.fields["user"].required or chosen is None:
            choices.insert(0, ("", "Nobody" if not self.fields["user"].required else "Choose a user"))
        cast("forms.Select", self.fields["user"].widget).choices = choices

    def clean_user(self) -> User | None:
        user_id = self.cleaned_data["user"]
        try:
            return get_user(self.account, user_id) if user_id else None
        except NotFound as refusal:
            raise forms.ValidationError(str(refusal)) from None
