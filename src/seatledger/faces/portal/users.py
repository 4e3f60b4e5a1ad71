"""Administration > Users: the list, the New User form, and what is done to the selected users."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import (
    NewUser,
    activate_users,
    add_user,
    change_user,
    deactivate_users,
    delete_users,
)
from seatledger.domain.licences.queries import (
    count_active_users,
    list_licences_of,
    name_pools,
    users_to_activate,
)
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import (
    UserFilter,
    UserKey,
    get_user,
    list_roles,
    list_users,
    roles_of,
    users_matching,
)
from seatledger.domain.people.refusals import AdministratorRoleHeld
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import Refused

ANY, YES, NO, WAITING = "", "yes", "no", "waiting"
ACTIVE_CHOICES = [(ANY, "All"), (YES, "Yes"), (NO, "No"), (WAITING, "Waiting for activation")]
DETAILS = ("first_name", "last_name", "email", "phone")


class UserListForm(forms.Form):
    """What the list is narrowed to; a part that makes no sense is ignored."""

    search = forms.CharField(required=False, max_length=100)
    active = forms.ChoiceField(required=False, choices=ACTIVE_CHOICES)
    role = forms.UUIDField(required=False)

    def wanted(self, account: Account) -> UserFilter:
        self.is_valid()
        found = self.cleaned_data
        active = found.get("active")
        return UserFilter(
            search=found.get("search") or "",
            active=None if active not in (YES, NO) else active == YES,
            role_id=found.get("role"),
            ids=users_to_activate(account) if active == WAITING else None,
        )


class UserForm(forms.Form):
    """User information and roles, for a new user and for a known one."""

    first_name = forms.CharField(max_length=100, label="First name")
    last_name = forms.CharField(max_length=100, label="Last name")
    email = forms.EmailField(max_length=254, label="Email address")
    phone = forms.CharField(max_length=40, label="Phone", required=False)
    roles = forms.MultipleChoiceField(label="Roles", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: QueryDict | None = None, *, account: Account, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        choices = [(str(role.pk), role.name) for role in list_roles(account)]
        cast("forms.MultipleChoiceField", self.fields["roles"]).choices = choices

    def details(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in DETAILS}

    def role_ids(self) -> tuple[UUID, ...]:
        return tuple(UUID(role_id) for role_id in self.cleaned_data["roles"])


class NewUserForm(UserForm):
    """The same, with what happens at the new user's first sign-in."""

    random_password = forms.BooleanField(
        label="Set random password",
        help_text="Always set, for security. Nobody is told it: the user chooses a password with the link in the welcome e-mail.",
        initial=True,
        required=False,
        disabled=True,
    )
    welcome = forms.BooleanField(
        label="Send welcome e-mail",
        help_text="A link with which the user chooses a password.",
        initial=True,
        required=False,
    )
    active = forms.BooleanField(
        label="Active",
        help_text="Without this, the user cannot sign in and is not billed until an administrator activates the user and the user chooses a password.",
        initial=True,
        required=False,
    )

    def new_user(self) -> NewUser:
        found = self.cleaned_data
        return NewUser(
            first_name=found["first_name"],
            last_name=found["last_name"],
            email=found["email"],
            phone=found["phone"],
            active=found["active"],
            invite=found["welcome"],
            role_ids=self.role_ids(),
        )


@private(Permission.USERS_VIEW)
@require_GET
def show_users(request: PortalRequest) -> HttpResponse:
    """List the account's users, both active and deactivated, with the total of active ones above."""
    filters = UserListForm(request.GET)
    after = cast("UserKey | None", decode_key(request.GET.get("after", ""), (str, str, UUID)))
    rows = list_users(request.account, filters.wanted(request.account), after=after, limit=PAGE + 1)
    page = page_of(
        rows,
        key_of=lambda user: (user.last_name.lower(), user.first_name.lower(), user.pk),
        after=request.GET.get("after", ""),
    )
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "page": page,
        "filters": filters,
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": f"?{_with(query, after=page.next_key)}" if page.next_key else "",
        "active_users": count_active_users(request.account),
        "roles": list_roles(request.account),
        "may_manage": Permission.USERS_MANAGE in request.permissions,
    }
    return render(request, "portal/users.html", context)


@private(Permission.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_user(request: PortalRequest) -> HttpResponse:
    """Show the New User form, and add the user it describes."""
    form = NewUserForm(request.POST or None, account=request.account)
    if form.is_valid():
        try:
            user = add_user(account=request.account, new=form.new_user(), at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{user.full_name} was added.")
            return redirect("portal:users")
    return render(request, "portal/new_user.html", {"form": form}, status=422 if form.is_bound else 200)


@private(Permission.USERS_VIEW)
@require_GET
def show_user(request: PortalRequest, user_id: UUID) -> HttpResponse:
    """Show one user: who it is, which roles and licences the user has."""
    user = get_user(request.account, user_id)
    held = list_licences_of(request.account, user.pk)
    names = name_pools(request.account, [licence.pool for licence in held])
    context = {
        "person": user,
        "roles": roles_of(user),
        "licences": [(licence, names[licence.pool_id]) for licence in held],
        "may_manage": Permission.USERS_MANAGE in request.permissions,
    }
    return render(request, "portal/user.html", context)


@private(Permission.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
def edit_user(request: PortalRequest, user_id: UUID) -> HttpResponse:
    """Show a user's details and roles as a form, and store what was changed."""
    user = get_user(request.account, user_id)
    form = UserForm(request.POST or None, account=request.account, initial=_as_form(user))
    if form.is_valid():
        try:
            change_user(
                user=user,
                details=form.details(),
                role_ids=form.role_ids(),
                at=timezone.now(),
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{user.full_name} was saved.")
            return redirect("portal:user", user_id)
    return render(
        request,
        "portal/change_user.html",
        {"form": form, "person": user},
        status=422 if form.is_bound else 200,
    )


@private(Permission.USERS_MANAGE)
@require_POST
def change_selected_users(request: PortalRequest) -> HttpResponse:
    """Activate, deactivate or delete the selected users: all of them or none. Deleting asks first."""
    do = request.POST.get("do", "")
    chosen = SelectedUsersForm(request.POST, account=request.account)
    if not chosen.is_valid():
        messages.warning(request, "No user is selected. Select one or more, then choose what to do.")
        return redirect("portal:users")
    users = chosen.users()
    if do == "delete":
        return render(request, "portal/delete_users.html", {"people": users})
    try:
        said = _do_to_users(request, do, users)
    except Refused as refusal:
        return _refuse(request, refusal, users)
    messages.success(request, said)
    return redirect("portal:users")


class SelectedUsersForm(forms.Form):
    """The users whose boxes are ticked; another account's id is no choice."""

    user = forms.ModelMultipleChoiceField(queryset=User.objects.none())

    def __init__(self, data: QueryDict, *, account: Account) -> None:
        super().__init__(data)
        field = cast("forms.ModelMultipleChoiceField[User]", self.fields["user"])
        field.queryset = users_matching(account, UserFilter())

    def users(self) -> list[User]:
        return list(self.cleaned_data["user"])


def _do_to_users(request: PortalRequest, do: str, users: list[User]) -> str:
    """Carry out a bulk action and say what it did. Raises what the action refuses."""
    ids, at, by = [user.pk for user in users], timezone.now(), request.actor
    names = users[0].full_name if len(users) == 1 else f"{len(users)} users"
    match do:
        case "activate":
            activate_users(account=request.account, user_ids=ids, at=at, by=by)
            return f"Activated {names}."
        case "deactivate" | "remove-role-and-deactivate":
            deactivate_users(
                account=request.account, user_ids=ids, drop_administrator=do != "deactivate", at=at, by=by
            )
            return f"Deactivated {names}. Their licences are free."
        case "delete-for-good":
            delete_users(account=request.account, user_ids=ids, at=at, by=by)
            return f"Deleted {names}. Their licences are free."
    raise BadRequest("Choose Activate, Deactivate or Delete.")


def _refuse(request: PortalRequest, refusal: Refused, users: list[User]) -> HttpResponse:
    context = {
        "refusal": refusal,
        "people": users,
        "may_remove_role": isinstance(refusal, AdministratorRoleHeld),
        "back_url": reverse("portal:users"),
    }
    return render(request, "portal/users_refused.html", context, status=422)


def _as_form(user: User) -> dict[str, object]:
    roles = [str(role.pk) for role in roles_of(user)]
    return {**{field: getattr(user, field) for field in DETAILS}, "roles": roles}


def _with(query: QueryDict, **extra: str) -> str:
    query = query.copy()
    query.update(extra)
    return query.urlencode()
