"""What a member of the vendor's staff may do. A role is a fixed set of these."""

from django.db import models


class StaffPermission(models.TextChoices):
    ACCOUNTS_VIEW = "accounts.view", "See accounts and everything they see"
    OVERVIEW_VIEW = "overview.view", "See how many accounts there are, and what waits"
    FIGURES_VIEW = "figures.view", "See the figures of the business: revenue, what is overdue and to come"
    VIEW_AS_CUSTOMER = "accounts.view_as", "View the portal as a customer does"
    LICENCES_CHANGE = "licences.change", "Change totals, dates, limits and trials, and answer requests"
    TERMS_CHANGE = "terms.change", "Change plans, prices and terms of contracts"
    MONEY_CHANGE = "money.change", "Credit, declare void, write off, and book payments"
    CLOSURES_CHANGE = "closures.change", "Withdraw closures and bring them forward"
    OPERATIONS_VIEW = "operations.view", "See sent mail and webhooks"
    STAFF_MANAGE = "staff.manage", "Add staff and change their roles"


class StaffRole(models.TextChoices):
    SUPPORT = "support", "Support"
    BILLING = "billing", "Billing"
    ADMINISTRATOR = "administrator", "Administrator"


EVERY_STAFF_PERMISSION = frozenset(StaffPermission.values)
SUPPORT_PERMISSIONS: frozenset[str] = frozenset(
    {
        StaffPermission.ACCOUNTS_VIEW,
        StaffPermission.OVERVIEW_VIEW,
        StaffPermission.VIEW_AS_CUSTOMER,
        StaffPermission.OPERATIONS_VIEW,
    }
)
ALLOWED: dict[str, frozenset[str]] = {
    StaffRole.SUPPORT: SUPPORT_PERMISSIONS,
    StaffRole.BILLING: EVERY_STAFF_PERMISSION - {StaffPermission.STAFF_MANAGE},
    StaffRole.ADMINISTRATOR: EVERY_STAFF_PERMISSION,
}
