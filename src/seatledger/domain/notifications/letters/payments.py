"""What letters about payments speak of."""

from datetime import datetime

from django.urls import reverse

from seatledger.domain.invoices.models import Document, EntryKind, Settlement
from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.payments.models import Dunning, Order, Payment, PaymentMethod, Refund
from seatledger.domain.payments.schedule import count_steps
from seatledger.engine.money import Money


def payment_received(reader: Reader) -> Content:
    """Return what was paid, how, and for which invoices."""
    payment = _payment(reader)
    settled = Settlement.objects.filter(
        account=reader.account, kind=EntryKind.PAYMENT, payment_id=payment.pk, invoice__isnull=False
    )
    references = settled.order_by("at", "pk").values_list("invoice__issue__reference", flat=True)
    return Content(
        _payment_words(reader, payment)
        | {
            "amount": _amount(reader, payment.currency),
            "on": _day_of(reader, payment.ended_at),
            "invoices": ", ".join(dict.fromkeys(references)),
            "link": address_of(reverse("portal:invoices")),
        }
    )


def payment_needs_you(reader: Reader) -> Content:
    """Return which payment waits for the customer's bank."""
    payment = _payment(reader)
    return Content(_payment_words(reader, payment) | {"link": _place(payment.document)})


def payment_reversed(reader: Reader) -> Content:
    """Return which payment the bank took back, and how much."""
    payment = _payment(reader)
    return Content(
        _payment_words(reader, payment)
        | {"amount": _amount(reader, payment.currency), "link": address_of(reverse("portal:invoices"))}
    )


def refund_made(reader: Reader) -> Content:
    """Return how much goes back, to where, and for which credit note."""
    refund = Refund.objects.select_related("payment__method", "credit_note__issue").get(
        account=reader.account, pk=reader.message.about["refund_id"]
    )
    return Content(
        {
            "amount": _amount(reader, refund.currency),
            "method": _method(refund.payment.method),
            "credit_note": refund.credit_note.issue.reference if refund.credit_note else "",
            "link": address_of(reverse("portal:invoices")),
        }
    )


def dunning(reader: Reader) -> Content:
    """Return which invoice could not be paid, why, when it is tried again, and what then happens."""
    about = reader.message.about
    running = Dunning.objects.get(account=reader.account, pk=about["dunning_id"])
    document = _document(reader, about["document_id"])
    failed = Payment.objects.filter(account=reader.account, document=document, state="failed")
    newest = failed.select_related("method").order_by("-intended_at").first()
    return Content(
        _invoice_words(reader, document)
        | {
            "next": reader.figures.day(running.next_at.astimezone(reader.figures.zone).date())
            if running.next_at
            else "",
            "step": int(about.get("step", 0)),
            "reason": newest.reason if newest else "",
            "failed": newest is not None,
            "is_last": running.steps_done >= count_steps(),
            "due_on": reader.figures.day(document.due_on),
            "method": _method(newest.method) if newest else "",
        }
    )


def account_standing(reader: Reader) -> Content:
    """Return the invoice for which an account lapsed, or came back."""
    return Content(_invoice_words(reader, _document(reader, reader.message.about["document_id"])))


def card_expiring(reader: Reader) -> Content:
    """Return which card expires, and its last month."""
    method = PaymentMethod.objects.get(account=reader.account, pk=reader.message.about["method_id"])
    return Content(
        {
            "method": method.masked,
            "month": f"{method.expires_month or 0:02d}/{method.expires_year or 0}",
            "link": address_of(reverse("portal:payment_methods")),
        }
    )


def order_failed(reader: Reader) -> Content:
    """Return what an order would have cost, and why it was not done."""
    order = Order.objects.get(account=reader.account, pk=reader.message.about["order_id"])
    return Content(
        {
            "amount": reader.figures.money(Money(order.total_minor, order.currency)),
            "reason": order.reason,
            "link": address_of(reverse("portal:account_summary")),
        }
    )


def _payment(reader: Reader) -> Payment:
    rows = Payment.objects.select_related("method", "document__issue")
    return rows.get(account=reader.account, pk=reader.message.about["payment_id"])


def _payment_words(reader: Reader, payment: Payment) -> dict[str, object]:
    return {
        "amount": reader.figures.money(Money(payment.amount_minor, payment.currency)),
        "method": _method(payment.method),
        "reference": payment.document.issue.reference if payment.document else "",
    }


def _document(reader: Reader, document_id: str) -> Document:
    return Document.objects.select_related("issue").get(account=reader.account, pk=document_id)


def _invoice_words(reader: Reader, document: Document) -> dict[str, object]:
    return {
        "reference": document.issue.reference,
        "is_open": reader.figures.money(Money(document.issue.open_minor, document.currency)),
        "link": _place(document),
    }


def _place(document: Document | None) -> str:
    """Return where something is paid: at its invoice, or on the summary."""
    page = reverse("portal:invoice", args=[document.pk]) if document else reverse("portal:account_summary")
    return address_of(page)


def _amount(reader: Reader, currency: str) -> str:
    return reader.figures.money(Money(int(reader.message.about["amount_minor"]), currency))


def _day_of(reader: Reader, at: datetime | None) -> str:
    return reader.figures.day(at.astimezone(reader.figures.zone).date()) if at else ""


def _method(method: PaymentMethod | None) -> str:
    """Return the method as it is shown; nothing for one that has no digits, which the words say."""
    return method.masked if method and method.last_four else ""
