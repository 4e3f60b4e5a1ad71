"""Why what was agreed cannot be so. Each message says what to do."""

from seatledger.shared.errors import Refused


class AlreadySubscribed(Refused):
    """An account has one subscription at a time."""

    code = "already_subscribed"


class NotInThePlan(Refused):
    """The plan does not have this licence type."""

    code = "licence_type_not_in_plan"


class NotSoldSo(Refused):
    """The plan has prices, but none for this currency and interval."""

    code = "not_sold_in_this_currency_and_interval"


class OtherActiveUsers(Refused):
    """The account's active users hold another licence type than the plan's."""

    code = "active_users_counted_otherwise"
