"""The portal's addresses, under the name `portal`. A page's address names a thing."""

from django.urls import path

from seatledger.faces.portal import roles, user_import, users

app_name = "portal"
urlpatterns = [
    path("users/", users.show_users, name="users"),
    path("users/new", users.new_user, name="new_user"),
    path("users/import", user_import.import_users, name="import_users"),
    path("users/selected", users.change_selected_users, name="change_selected_users"),
    path("users/<uuid:user_id>/", users.show_user, name="user"),
    path("users/<uuid:user_id>/edit", users.edit_user, name="edit_user"),
    path("roles/", roles.show_roles, name="roles"),
    path("roles/new", roles.new_role, name="new_role"),
    path("roles/<uuid:role_id>/", roles.show_role, name="role"),
    path("roles/<uuid:role_id>/edit", roles.edit_role, name="edit_role"),
    path("roles/<uuid:role_id>/delete", roles.remove_role, name="delete_role"),
    path("roles/<uuid:model_id>/clone", roles.new_role, name="clone_role"),
]
