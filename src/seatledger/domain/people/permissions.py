"""What a role can allow. The stored value is what the API shows."""

from django.db import models


class Permission(models.TextChoices):
    USERS_VIEW = "users.view", "See users and their roles"
    USERS_MANAGE = "users.manage", "Add, change, deactivate and delete users"
    ROLES_MANAGE = "roles.manage", "Create and change roles"
    DEVICES_VIEW = "devices.view", "See devices"
    DEVICES_MANAGE = "devices.manage", "Add, change and remove devices"
    LICENCES_VIEW = "licences.view", "See licences, who holds them and their history"
    LICENCES_ASSIGN = "licences.assign", "Assign and release licences"
    BILLING_VIEW = "billing.view", "See the Billing page"
    BILLING_MANAGE = "billing.manage", "Ask for more licences and change how the account pays"
    CONTACT_MANAGE = "contact.manage", "Choose the main contact"
    DELETION_REQUEST = "account.deletion.request", "Request deletion of the account"
    DATA_EXPORT = "account.data.export", "Download everything the account has"
    SETTINGS_MANAGE = "settings.manage", "Change the account's name, time zone and language"
    WEBHOOKS_MANAGE = (
        "webhooks.manage",
        "Choose which programs are told what happens, and see what they were told",
    )
    CUSTOMERS_VIEW = "customers.view", "See customers and their licence metrics (providers)"
    CUSTOMERS_OPEN = "customers.open", "Open accounts for new customers (providers)"
    CUSTOMERS_MANAGE = "customers.manage", "Change customers' licence limits (providers)"


EVERY_PERMISSION = frozenset(Permission.values)

# What administrators alone may do, whatever a role says: an archive holds what every other permission shows, and more.
FOR_ADMINISTRATORS = frozenset({Permission.DATA_EXPORT})
GRANTABLE_PERMISSIONS = EVERY_PERMISSION - FOR_ADMINISTRATORS

# What the built-in Billing role allows. The built-in Administrator allows everything, whatever is added later.
BILLING_PERMISSIONS = frozenset(
    {
        Permission.BILLING_VIEW,
        Permission.BILLING_MANAGE,
        Permission.CONTACT_MANAGE,
        Permission.DELETION_REQUEST,
        Permission.LICENCES_VIEW,
    }
)
