"""Console > Staff: who is on the vendor's staff, in which role, and links for setting up."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.staff.actions import (
    NewMember,
    add_staff,
    change_staff_role,
    end_staff,
    invite_staff,
)
from seatledger.domain.staff.links import token_of
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffPermission, StaffRole
from seatledger.domain.staff.queries import get_staff_by_id_for_operator, list_staff_for_operator
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.shared.errors import Refused


class NewMemberForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name")
    email = forms.EmailField(max_length=254, label="Email address")
    role = forms.ChoiceField(choices=StaffRole.choices, label="Role", initial=StaffRole.SUPPORT)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=StaffRole.choices, label="Role")


@for_staff(StaffPermission.STAFF_MANAGE)
@require_GET
def show_staff(request: ConsoleRequest) -> HttpResponse:
    """List everyone on the staff."""
    return render(request, "console/staff.html", {"members": list_staff_for_operator()})


@for_staff(StaffPermission.STAFF_MANAGE)
@require_http_methods(["GET", "POST"])
def new_member(request: ConsoleRequest) -> HttpResponse:
    """Add a member of staff and show the link with which the person sets up."""
    form = NewMemberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        new = NewMember(said["email"], said["name"], StaffRole(said["role"]))
        try:
            member = add_staff(new=new, at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _show_link(request, member)
    return render(request, "console/new_member.html", {"form": form}, status=422 if form.is_bound else 200)


@for_staff(StaffPermission.STAFF_MANAGE)
@require_http_methods(["GET", "POST"])
def change_member(request: ConsoleRequest, member_id: UUID) -> HttpResponse:
    """Show one member of staff, and give another role."""
    member = get_staff_by_id_for_operator(member_id)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    if form.is_valid():
        role = StaffRole(form.cleaned_data["role"])
        try:
            change_staff_role(member=member, role=role, at=timezone.now(), by=request.actor)
        except Refused as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, f"{member.name} is {role.label} now.")
            return redirect("console:staff")
    context = {"form": form, "member": member, "myself": member == request.staff}
    return render(request, "console/member.html", context, status=422 if form.is_bound else 200)


@for_staff(StaffPermission.STAFF_MANAGE)
@require_POST
def new_link(request: ConsoleRequest, member_id: UUID) -> HttpResponse:
    """Let someone begin anew: a new link, and nothing of before works any more."""
    member = get_staff_by_id_for_operator(member_id)
    return _show_link(request, invite_staff(member=member, at=timezone.now(), by=request.actor))


@for_staff(StaffPermission.STAFF_MANAGE)
@require_POST
def end_access(request: ConsoleRequest, member_id: UUID) -> HttpResponse:
    """End someone's access to the console."""
    member = end_staff(member=get_staff_by_id_for_operator(member_id), at=timezone.now(), by=request.actor)
    messages.success(request, f"{member.name} has no access any more.")
    return redirect("console:staff")


def _show_link(request: ConsoleRequest, member: StaffMember) -> HttpResponse:
    path = reverse("console:set_up", args=[token_of(member)])
    context = {"member": member, "link": f"{settings.SEATLEDGER_ADDRESS}{path}"}
    return render(request, "console/member_link.html", context)
