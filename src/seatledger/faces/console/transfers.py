"""Console > Incoming transfers: statements are uploaded, and what names no invoice is booked or ignored by a person."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.invoices.queries import list_open_invoices
from seatledger.domain.payments.actions import book_transfer, ignore_transfer, take_up_again, undo_booking
from seatledger.domain.payments.models import IncomingTransfer, TransferState
from seatledger.domain.payments.queries import (
    get_transfer_for_operator,
    list_transfers_for_operator,
    propose_for_operator,
)
from seatledger.domain.payments.statements import Columns, ReadStatement, UnfitStatement, read_statements
from seatledger.domain.payments.statements.told import MOST_BYTES
from seatledger.domain.payments.taking_in import TakenIn, take_in
from seatledger.domain.payments.transfers import Part, share_out
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.shared.errors import Refused

_SHOWN: Final = 200
_DAYS: Final = [
    ("%Y-%m-%d", "2026-12-31"),
    ("%d.%m.%Y", "31.12.2026"),
    ("%d/%m/%Y", "31/12/2026"),
    ("%m/%d/%Y", "12/31/2026"),
]
_OPTIONAL: Final = {"currency", "payer", "payer_account", "remittance", "reference"}


class StatementForm(forms.Form):
    """A bank's file; of a table, what the bank calls its columns."""

    file = forms.FileField(
        label="Statement", help_text="camt.053 (XML), or a table as CSV. A file is imported once."
    )
    decimal_mark = forms.ChoiceField(label="Decimal mark", choices=[(".", "1,234.50"), (",", "1.234,50")])
    day_format = forms.ChoiceField(label="Days", choices=_DAYS)
    usual_currency = forms.CharField(
        label="Currency of lines without one", max_length=3, required=False, help_text="For example EUR."
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # what a form takes
        usual = Columns()
        for name in ("date", "amount", "currency", "payer", "payer_account", "remittance", "reference"):
            self.fields[f"column_{name}"] = forms.CharField(
                label=f"Column of the {name.replace('_', ' ')}",
                max_length=100,
                required=name not in _OPTIONAL,
                initial=getattr(usual, name),
            )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
        return bytes(file.read())

    def read(self) -> list[ReadStatement]:
        """Return the statements of the file. Raises UnfitStatement."""
        found = self.cleaned_data
        names = {name.removeprefix("column_"): found[name] for name in found if name.startswith("column_")}
        columns = Columns(**names, decimal_mark=found["decimal_mark"], day_format=found["day_format"])
        return read_statements(found["file"], columns=columns, currency=found["usual_currency"].upper())


class DecideForm(forms.Form):
    """Whose the money is, or why it is nobody's."""

    serial_number = forms.CharField(label="Serial number of the account", max_length=40, required=False)
    why = forms.CharField(label="Why", max_length=300, required=False)


@for_staff(StaffPermission.MONEY_CHANGE)
@require_GET
def show_transfers(request: ConsoleRequest) -> HttpResponse:
    """List what is to be matched, with whose it may be and why; or what was booked or ignored."""
    asked = request.GET.get("state", "")
    state = TransferState(asked) if asked in TransferState.values else TransferState.UNMATCHED
    transfers = list_transfers_for_operator(state, limit=_SHOWN)
    proposed = propose_for_operator(transfers) if state is TransferState.UNMATCHED else {}
    context = {
        "state": state.value,
        "rows": [(transfer, proposed.get(transfer.pk, [])[:3]) for transfer in transfers],
        "is_cut_off": len(transfers) == _SHOWN,
    }
    return render(request, "console/transfers.html", context)


@for_staff(StaffPermission.MONEY_CHANGE)
@require_http_methods(["GET", "POST"])
def import_file(request: ConsoleRequest) -> HttpResponse:
    """Import a statement and book what is certain; of a file that is wrong anywhere, nothing is taken."""
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    errors: tuple[object, ...] = ()
    if form.is_valid():
        try:
            done = take_in(form.read(), at=timezone.now(), by=request.actor)
        except UnfitStatement as refusal:
            form.add_error("file", str(refusal))
            errors = refusal.errors
        else:
            messages.success(request, _in_words(done))
            return redirect("console:transfers")
    context = {"form": form, "errors": errors}
    return render(request, "console/import_statement.html", context, status=422 if form.is_bound else 200)


@for_staff(StaffPermission.MONEY_CHANGE)
@require_http_methods(["GET", "POST"])
def decide(request: ConsoleRequest, transfer_id: UUID) -> HttpResponse:
    """Show one transfer; book it for an account, as it is proposed or the first due first, or ignore it."""
    transfer = get_transfer_for_operator(transfer_id)
    form = DecideForm(request.POST or None)
    if form.is_valid():
        try:
            messages.success(request, _decide(request, transfer, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("console:transfers")
    unmatched = transfer.state == TransferState.UNMATCHED
    context = {
        "transfer": transfer,
        "form": form,
        "is_unmatched": unmatched,
        "proposals": propose_for_operator([transfer])[transfer.pk] if unmatched else [],
    }
    return render(request, "console/transfer.html", context, status=422 if form.is_bound else 200)


@for_staff(StaffPermission.MONEY_CHANGE)
@require_POST
def take_up(request: ConsoleRequest, transfer_id: UUID) -> HttpResponse:
    """Have a transfer that was ignored be matched after all."""
    take_up_again(transfer=get_transfer_for_operator(transfer_id), at=timezone.now(), by=request.actor)
    messages.success(request, "The transfer is to be matched again.")
    return redirect("console:transfers")


def _decide(request: ConsoleRequest, transfer: IncomingTransfer, form: DecideForm) -> str:
    """Do what was decided, and say so."""
    now, found = timezone.now(), form.cleaned_data
    if request.POST.get("do") == "undo":
        undo_booking(transfer=transfer, why=found["why"], at=now, by=request.actor)
        return "The booking is undone: the transfer is to be matched again."
    if request.POST.get("do") == "ignore":
        ignore_transfer(transfer=transfer, why=found["why"], at=now, by=request.actor)
        return "The transfer is ignored."
    account = get_account_for_operator(found["serial_number"])
    parts = _parts_for(transfer, account)
    book_transfer(transfer=transfer, account=account, parts=parts, at=now, by=request.actor)
    return f"The transfer is booked for {account.name}."


def _parts_for(transfer: IncomingTransfer, account: Account) -> tuple[Part, ...]:
    """Return what it settles: as proposed where that account is, else what is open, the first due first."""
    for proposal in propose_for_operator([transfer])[transfer.pk]:
        if proposal.account == account:
            return proposal.match.parts
    open_invoices = [(issue.pk, issue.open_minor) for issue in list_open_invoices(account)]
    return share_out(open_invoices, transfer.amount_minor)


def _in_words(done: TakenIn) -> str:
    again = "This statement was imported before. " if done.statements_known else ""
    new = "1 new transfer" if done.new == 1 else f"{done.new} new transfers"
    return " ".join((f"{again}{new}, {done.booked} booked.", *done.left_out))
