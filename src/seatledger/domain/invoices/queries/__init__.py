"""Questions about what an account was charged and what it owes. One file per subject."""

from seatledger.domain.invoices.queries.balances import credit_balance, get_balance, list_open_invoices
from seatledger.domain.invoices.queries.bills_to_come import WhoPays, find_who_pays
from seatledger.domain.invoices.queries.crediting import describe_row, get_what_is_left
from seatledger.domain.invoices.queries.details import get_billing_details
from seatledger.domain.invoices.queries.documents import (
    get_document,
    list_corrections,
    list_lines,
    list_settlements,
    list_uses,
)
from seatledger.domain.invoices.queries.explaining import (
    Explanation,
    explain_line_for_operator,
    get_issued_for_operator,
)
from seatledger.domain.invoices.queries.files import (
    NoElectronicForm,
    get_document_for_operator,
    get_file,
    get_paper,
    list_file_kinds,
    list_unfiled_for_operator,
)
from seatledger.domain.invoices.queries.pictures import (
    BilledLine,
    list_billed_lines,
    list_billed_periods,
    list_billed_pool_ids,
    reconcile_lines,
)
from seatledger.domain.invoices.queries.previews import Preview, preview_after, preview_next
from seatledger.domain.invoices.queries.sellers import list_rates_for_operator, list_sellers_for_operator
from seatledger.domain.invoices.queries.statements import Standing, get_standing, list_transactions
from seatledger.domain.invoices.queries.truth import AddedUp, count_what_was_added_up, find_wrong_amounts

__all__ = [
    "AddedUp",
    "BilledLine",
    "Explanation",
    "NoElectronicForm",
    "Preview",
    "Standing",
    "WhoPays",
    "count_what_was_added_up",
    "credit_balance",
    "describe_row",
    "explain_line_for_operator",
    "find_who_pays",
    "find_wrong_amounts",
    "get_balance",
    "get_billing_details",
    "get_document",
    "get_document_for_operator",
    "get_file",
    "get_issued_for_operator",
    "get_paper",
    "get_standing",
    "get_what_is_left",
    "list_billed_lines",
    "list_billed_periods",
    "list_billed_pool_ids",
    "list_corrections",
    "list_file_kinds",
    "list_lines",
    "list_open_invoices",
    "list_rates_for_operator",
    "list_sellers_for_operator",
    "list_settlements",
    "list_transactions",
    "list_unfiled_for_operator",
    "list_uses",
    "preview_after",
    "preview_next",
    "reconcile_lines",
]
