"""The portal's addresses, under the name `portal`. A page's address names a thing."""

from django.urls import path

from seatledger.faces.portal import users

app_name = "portal"
urlpatterns = [
    path("users/", users.show_users, name="users"),
    path("users/new", users.new_user, name="new_user"),
    path("users/selected", users.change_selected_users, name="change_selected_users"),
    path("users/<uuid:user_id>/", users.show_user, name="user"),
    path("users/<uuid:user_id>/edit", users.edit_user, name="edit_user"),
]
