"""Why money that was charged cannot be credited, settled, declared void or written off."""

from seatledger.shared.errors import Refused


class NotAnInvoice(Refused):
    """The document is a credit note, or a draft that was never issued."""

    code = "not_an_invoice"


class InvoiceIsVoid(Refused):
    """The invoice was declared void: nothing of it is owed."""

    code = "invoice_is_void"


class AlreadySettled(Refused):
    """Something of the invoice was paid, credited or written off."""

    code = "already_settled"


class MoreThanIsLeft(Refused):
    """The credit is more than what is left of the invoice."""

    code = "more_than_is_left"


class MoreThanIsOpen(Refused):
    """The amount is more than what is open of the document."""

    code = "more_than_is_open"


class MoreThanIsSettled(Refused):
    """The amount is more than what the payment settled of the document."""

    code = "more_than_is_settled"


class NothingToCredit(Refused):
    """The credit is of nothing."""

    code = "nothing_to_credit"


class NothingOpen(Refused):
    """The invoice is settled."""

    code = "nothing_open"


class UnlikelyAmount(Refused):
    """The amount is out of every sensible range."""

    code = "unlikely_amount"
