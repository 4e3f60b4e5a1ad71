"""Questions about what an account holds, now and at any past instant. One file per subject.

Counts come from one place each: *held* and *bought* now are the pool's counters, which the actions keep and
`seatledger verify` proves; at another instant they are what the last ledger entry up to it says.
"""

from seatledger.domain.licences.queries.access import Access, Why, find_access
from seatledger.domain.licences.queries.customers import (
    CustomersTotal,
    CustomerUse,
    TypeUse,
    customers_using,
    get_customers_total,
    list_customer_uses,
)
from seatledger.domain.licences.queries.devices import get_device, list_devices
from seatledger.domain.licences.queries.endings import find_ended_for_operator
from seatledger.domain.licences.queries.history import (
    HistoryFilter,
    HistoryKey,
    HistoryRow,
    entries_matching,
    find_holders_named,
    list_history,
    name_history,
    names_of_devices,
)
from seatledger.domain.licences.queries.holders import (
    get_assignment,
    licence_types_given_by,
    list_holders,
    list_licences_of,
    list_users_without,
)
from seatledger.domain.licences.queries.metrics import (
    Metric,
    MetricsGroup,
    count_device_kinds,
    get_licence_metrics,
    list_device_kinds,
)
from seatledger.domain.licences.queries.names import brand_words_of, branded, list_brand_words, name_pools
from seatledger.domain.licences.queries.operators import AccountLine, list_accounts_for_operator
from seatledger.domain.licences.queries.pools import (
    count_active_users,
    get_account_standing,
    get_account_type,
    get_pool,
    get_pool_by_key,
    get_request,
    list_pools,
    list_types_to_ask_for,
    today_of,
    type_of_account,
    users_to_activate,
)
from seatledger.domain.licences.queries.snapshots import (
    PoolSnapshot,
    Step,
    get_snapshot,
    list_steps,
)
from seatledger.domain.licences.queries.truth import (
    Disagreement,
    Proven,
    count_what_is_proven,
    find_disagreements,
)

__all__ = [
    "Access",
    "AccountLine",
    "CustomerUse",
    "CustomersTotal",
    "Disagreement",
    "HistoryFilter",
    "HistoryKey",
    "HistoryRow",
    "Metric",
    "MetricsGroup",
    "PoolSnapshot",
    "Proven",
    "Step",
    "TypeUse",
    "Why",
    "brand_words_of",
    "branded",
    "count_active_users",
    "count_device_kinds",
    "count_what_is_proven",
    "customers_using",
    "entries_matching",
    "find_access",
    "find_disagreements",
    "find_ended_for_operator",
    "find_holders_named",
    "get_account_standing",
    "get_account_type",
    "get_assignment",
    "get_customers_total",
    "get_device",
    "get_licence_metrics",
    "get_pool",
    "get_pool_by_key",
    "get_request",
    "get_snapshot",
    "licence_types_given_by",
    "list_accounts_for_operator",
    "list_brand_words",
    "list_customer_uses",
    "list_device_kinds",
    "list_devices",
    "list_history",
    "list_holders",
    "list_licences_of",
    "list_pools",
    "list_steps",
    "list_types_to_ask_for",
    "list_users_without",
    "name_history",
    "name_pools",
    "names_of_devices",
    "today_of",
    "type_of_account",
    "users_to_activate",
]
