"""Every change to what accounts are charged. One file per subject."""

from seatledger.domain.invoices.actions.billing import BillingWaits, bill_account
from seatledger.domain.invoices.actions.credits import credit_account, credit_invoice
from seatledger.domain.invoices.actions.details import (
    NewDetails,
    NewTerms,
    change_billing_details,
    change_billing_terms,
)
from seatledger.domain.invoices.actions.files import FilesMade, store_files
from seatledger.domain.invoices.actions.one_bills import agree_one_bill, end_one_bill
from seatledger.domain.invoices.actions.parking import NotParked, discard_draft, release_billing
from seatledger.domain.invoices.actions.runs import Chunk, begin_run, bill_alone, bill_chunk, finish_run
from seatledger.domain.invoices.actions.sellers import apply_seller
from seatledger.domain.invoices.actions.voiding import void_invoice, write_off

__all__ = [
    "BillingWaits",
    "Chunk",
    "FilesMade",
    "NewDetails",
    "NewTerms",
    "NotParked",
    "agree_one_bill",
    "apply_seller",
    "begin_run",
    "bill_account",
    "bill_alone",
    "bill_chunk",
    "change_billing_details",
    "change_billing_terms",
    "credit_account",
    "credit_invoice",
    "discard_draft",
    "end_one_bill",
    "finish_run",
    "release_billing",
    "store_files",
    "void_invoice",
    "write_off",
]
