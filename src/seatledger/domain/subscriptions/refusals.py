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


class SubscriptionOver(Refused):
    """The subscription has ended."""

    code = "subscription_over"


class EndsAlready(Refused):
    """Its end is agreed already."""

    code = "subscription_ends_already"


class NothingChanges(Refused):
    """It is so already."""

    code = "nothing_changes"


class PaidAhead(Refused):
    """A shorter interval begins when what was paid ahead is over."""

    code = "paid_ahead"


class PriceNotKept(Refused):
    """Another plan or interval is agreed for later, where the price would not hold."""

    code = "price_not_kept"


class NotOnTrial(Refused):
    """Only a trial becomes paid."""

    code = "not_on_trial"


class TrialOver(Refused):
    """The days of trial are over."""

    code = "trial_over"


class NothingToPay(Refused):
    """Nothing in the plan has a price."""

    code = "nothing_to_pay"


class CountsAlready(Refused):
    """A change that has taken effect is not withdrawn."""

    code = "change_counts_already"


class UnfitDomain(Refused):
    """This is no e-mail domain of an organisation's own."""

    code = "unfit_domain"


class PublicMailDomain(Refused):
    """Anybody can have an address in this domain."""

    code = "public_mail_domain"


class TooManyDomains(Refused):
    """The account waits for the codes of many domains already."""

    code = "too_many_domains"


class CodeJustSent(Refused):
    """A code was sent a moment ago."""

    code = "code_just_sent"


class WrongCode(Refused):
    """This is not the code that was sent, or it is too old."""

    code = "wrong_code"


class DomainTaken(Refused):
    """Another account has proved that the domain is its own."""

    code = "domain_taken"


class CannotJoin(Refused):
    """The organisation has no licence for a new user."""

    code = "cannot_join"
