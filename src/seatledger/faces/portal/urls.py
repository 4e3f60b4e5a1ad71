"""The portal's addresses, under the name `portal`. A page's address names a thing."""

from django.urls import path

from seatledger.faces.portal import (
    billing,
    customers,
    devices,
    history,
    history_csv,
    licence_requests,
    metrics,
    overview,
    pools,
    profile,
    roles,
    settings,
    user_import,
    users,
)
from seatledger.faces.portal import (
    help as help_pages,
)

app_name = "portal"
urlpatterns = [
    path("", overview.show_overview, name="overview"),
    path("profile/", profile.show_profile, name="profile"),
    path("profile/details", profile.change_details, name="change_details"),
    path("profile/address", profile.change_address, name="change_address"),
    path("settings/", settings.show_settings, name="settings"),
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
    path("devices/", devices.show_devices, name="devices"),
    path("devices/new", devices.new_device, name="new_device"),
    path("devices/remove", devices.remove_selected_devices, name="remove_devices"),
    path("devices/<uuid:device_id>/edit", devices.change_device, name="edit_device"),
    path("licences/", metrics.show_metrics, name="metrics"),
    path("licences/<uuid:pool_id>/", pools.show_pool, name="pool"),
    path("licences/<uuid:pool_id>/holders", pools.show_holders, name="holders"),
    path("licences/<uuid:pool_id>/assign", pools.assign, name="assign"),
    path("licences/<uuid:pool_id>/release", pools.release, name="release"),
    path("licences/assignments/<uuid:assignment_id>/move", pools.move, name="move"),
    path("billing/", billing.show_billing, name="billing"),
    path("billing/contact", billing.save_main_contact, name="main_contact"),
    path("billing/request", licence_requests.ask_for_licences, name="request_licences"),
    path("billing/history/", history.show_history, name="history"),
    path("billing/history.csv", history_csv.export_history, name="history_csv"),
    path("customers/", customers.show_customers, name="customers"),
    path("customers/<uuid:customer_id>/", customers.show_customer, name="customer"),
    path("customers/<uuid:customer_id>/licences/", customers.show_customer_metrics, name="customer_metrics"),
    path(
        "customers/<uuid:customer_id>/licences/edit",
        customers.edit_customer_metrics,
        name="edit_customer_metrics",
    ),
    path(
        "customers/<uuid:customer_id>/licences/<uuid:pool_id>/holders",
        customers.show_customer_holders,
        name="customer_holders",
    ),
    path("customers/<uuid:customer_id>/history/", customers.show_customer_history, name="customer_history"),
    path(
        "customers/<uuid:customer_id>/history.csv",
        customers.export_customer_history,
        name="customer_history_csv",
    ),
    path("help/licensing", help_pages.show_licensing, name="help_licensing"),
]
