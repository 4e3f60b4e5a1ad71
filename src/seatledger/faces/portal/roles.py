"""Administration > Roles: what roles allow and which licences they give."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import GivenBy, HeldBy
from seatledger.domain.licences.actions import RoleDetails, add_role, change_role
from seatledger.domain.licences.queries import brand_words_of, branded, licence_types_given_by, list_pools
from seatledger.domain.people.actions import delete_role
from seatledger.domain.people.models import Role
from seatledger.domain.people.permissions import GRANTABLE_PERMISSIONS, Permission
from seatledger.domain.people.queries import get_role, list_roles
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import Refused

FOR_PROVIDERS = (Permission.CUSTOMERS_VIEW, Permission.CUSTOMERS_OPEN, Permission.CUSTOMERS_MANAGE)


class RoleForm(forms.Form):
    """A role's name, what it allows, and the licences its users are given."""

    name = forms.CharField(max_length=100, label="Name")
    description = forms.CharField(max_length=300, label="Description", required=False)
    permissions = forms.MultipleChoiceField(
        label="What the role allows", required=False, widget=forms.CheckboxSelectMultiple
    )
    licences = forms.MultipleChoiceField(
        label="Licences given to users with this role",
        help_text="Users take these licences when they get the role and free them when it is removed.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: QueryDict | None = None, *, account: Account, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._choose("permissions", permission_choices(account))
        self._choose("licences", licence_choices(account))

    def _choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.MultipleChoiceField", self.fields[field]).choices = choices

    def details(self) -> RoleDetails:
        found = self.cleaned_data
        return RoleDetails(
            name=found["name"],
            description=found["description"],
            permissions=found["permissions"],
            licence_type_ids=[UUID(type_id) for type_id in found["licences"]],
        )


def permission_choices(account: Account) -> list[tuple[str, str]]:
    """Return the permissions that make sense in this account: those about customers only for providers."""
    return [
        (permission.value, str(permission.label))
        for permission in Permission
        if permission in GRANTABLE_PERMISSIONS and (account.is_provider or permission not in FOR_PROVIDERS)
    ]


def licence_choices(account: Account) -> list[tuple[str, str]]:
    """Return the licence types that a role of this account can give: those its users hold one by one."""
    words = brand_words_of(account)
    return [
        (
            str(pool.licence_type_id),
            branded(pool.licence_type.name, pool.licence_type.product.brand_words, words),
        )
        for pool in list_pools(account)
        if pool.licence_type.held_by == HeldBy.USER and pool.licence_type.given_by == GivenBy.ASSIGNMENT
    ]


@private(Permission.USERS_VIEW)
@require_GET
def show_roles(request: PortalRequest) -> HttpResponse:
    """List the account's roles with how many users have each."""
    names = dict(licence_choices(request.account))
    gives = licence_types_given_by(request.account)
    rows = [
        (role, [names[str(type_id)] for type_id in sorted(gives.get(role.pk, ())) if str(type_id) in names])
        for role in list_roles(request.account)
    ]
    context = {"rows": rows, "may_manage": Permission.ROLES_MANAGE in request.permissions}
    return render(request, "portal/roles.html", context)


@private(Permission.USERS_VIEW)
@require_GET
def show_role(request: PortalRequest, role_id: UUID) -> HttpResponse:
    """Show what a role allows and gives."""
    role = get_role(request.account, role_id)
    gives = {str(type_id) for type_id in licence_types_given_by(request.account).get(role.pk, ())}
    context = {
        "role": role,
        "allowed": [label for value, label in permission_choices(request.account) if value in role.allowed],
        "licences": [label for value, label in licence_choices(request.account) if value in gives],
        "may_manage": Permission.ROLES_MANAGE in request.permissions,
    }
    return render(request, "portal/role.html", context)


@private(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def new_role(request: PortalRequest, model_id: UUID | None = None) -> HttpResponse:
    """Show an empty role form, or one filled from the role that is cloned, and add the role."""
    model = get_role(request.account, model_id) if model_id else None
    initial = _as_form(model, name=f"Copy of {model.name}") if model else None
    form = RoleForm(request.POST or None, account=request.account, initial=initial)
    if form.is_valid():
        try:
            role = add_role(
                account=request.account, details=form.details(), at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The role {role.name} was added.")
            return redirect("portal:roles")
    context = {"form": form, "title": f"Clone {model.name}" if model else "New role"}
    return render(request, "portal/role_form.html", context, status=422 if form.is_bound else 200)


@private(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def edit_role(request: PortalRequest, role_id: UUID) -> HttpResponse:
    """Show a custom role as a form, and store what was changed."""
    role = get_role(request.account, role_id)
    form = RoleForm(request.POST or None, account=request.account, initial=_as_form(role, name=role.name))
    if form.is_valid():
        try:
            change_role(role=role, details=form.details(), at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The role {role.name} was saved.")
            return redirect("portal:role", role_id)
    context = {"form": form, "role": role, "title": f"Edit {role.name}"}
    return render(request, "portal/role_form.html", context, status=422 if form.is_bound else 200)


@private(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def remove_role(request: PortalRequest, role_id: UUID) -> HttpResponse:
    """Ask whether to delete a custom role, and delete it. A role that users have is refused."""
    role = get_role(request.account, role_id)
    if request.method == "GET":
        return render(request, "portal/delete_role.html", {"role": role})
    name = role.name
    delete_role(role=role, at=timezone.now(), by=request.actor)
    messages.success(request, f"The role {name} was deleted.")
    return redirect("portal:roles")


def _as_form(role: Role, *, name: str) -> dict[str, object]:
    gives = licence_types_given_by(role.account).get(role.pk, set())
    return {
        "name": name,
        "description": role.description,
        "permissions": sorted(role.allowed),
        "licences": [str(type_id) for type_id in gives],
    }
