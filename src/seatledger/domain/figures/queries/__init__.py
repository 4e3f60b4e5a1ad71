"""Every question about the figures of the business. They are the operator's: each looks across accounts."""

from seatledger.domain.figures.queries.lists import (
    Key,
    LicenceHolder,
    OverdueInvoice,
    RenewingAccount,
    RevenueFilter,
    RevenueRow,
    TrialRow,
    list_licence_holders_for_operator,
    list_overdue_for_operator,
    list_renewals_for_operator,
    list_revenue_for_operator,
    list_trials_for_operator,
)
from seatledger.domain.figures.queries.owed import AGES, Age, Overdue, count_overdue_for_operator
from seatledger.domain.figures.queries.parts import Part, Parts, get_parts
from seatledger.domain.figures.queries.totals import (
    ActiveMonth,
    LicenceFigures,
    RevenueMonth,
    Week,
    count_active_for_operator,
    get_months_for_operator,
    list_currencies_for_operator,
    list_licence_months_for_operator,
    list_revenue_months_for_operator,
    list_weeks_for_operator,
)
from seatledger.domain.figures.queries.trials import TrialEnd, TrialMonth, count_trials_for_operator
from seatledger.domain.figures.queries.truth import find_wrong_figures, find_wrong_totals

__all__ = [
    "AGES",
    "ActiveMonth",
    "Age",
    "Key",
    "LicenceFigures",
    "LicenceHolder",
    "Overdue",
    "OverdueInvoice",
    "Part",
    "Parts",
    "RenewingAccount",
    "RevenueFilter",
    "RevenueMonth",
    "RevenueRow",
    "TrialEnd",
    "TrialMonth",
    "TrialRow",
    "Week",
    "count_active_for_operator",
    "count_overdue_for_operator",
    "count_trials_for_operator",
    "find_wrong_figures",
    "find_wrong_totals",
    "get_months_for_operator",
    "get_parts",
    "list_currencies_for_operator",
    "list_licence_holders_for_operator",
    "list_licence_months_for_operator",
    "list_overdue_for_operator",
    "list_renewals_for_operator",
    "list_revenue_for_operator",
    "list_revenue_months_for_operator",
    "list_trials_for_operator",
    "list_weeks_for_operator",
]
