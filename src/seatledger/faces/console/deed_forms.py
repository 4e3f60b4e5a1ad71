"""A form for each deed: what it asks for, and the arguments that the deed is told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.catalogue.queries import list_plans_for_operator
from seatledger.domain.invoices.queries import list_sellers_for_operator
from seatledger.domain.licences.models import Terms
from seatledger.domain.licences.queries import today_of
from seatledger.domain.staff.actions import Intent
from seatledger.domain.staff.deeds import Arguments
from seatledger.domain.staff.deeds.quotations import MORE, PERCENT, PRICE
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.engine.currencies import exponent_of
from seatledger.engine.policies import ChargeModel

# Dates as a browser's own field sends them.
_DAY = {"type": "date"}
# A quotation is valid for so long unless told otherwise.
VALID_FOR: Final = timedelta(days=30)
_OF_EVERY_DEED: Final = frozenset({"sent_as", "reason"})


class DeedForm(forms.Form):
    """What every deed asks for: why. Fields before it are the deed's own. `sent_as` tells one form from the next."""

    sent_as = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept with what was done; customers read it beside their licences.",
    )
    field_order: list[str] | None = None
    # What whoever fills it in has to know before, if anything.
    explains = ""

    def __init__(self, data: QueryDict | None = None, *, account: Account, about: QueryDict) -> None:
        initial = {name: about[name] for name in self.base_fields if name in about and name != "sent_as"}
        super().__init__(data, initial=initial)
        self.account, self.about = account, about
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on what there is."""

    def arguments(self) -> Arguments:
        """Return what the deed is told, as JSON keeps it. The form must be valid."""
        return {
            name: _plain(value) for name, value in self.cleaned_data.items() if name not in _OF_EVERY_DEED
        }

    def named(self) -> dict[str, UUID] | None:
        """Return what the link to the form is about, by its ids; None where it lacks one that the deed needs."""
        ids = {name: field for name, field in self.fields.items() if isinstance(field, forms.UUIDField)}
        del ids["sent_as"]
        said = self.data if self.is_bound else self.initial
        try:
            found = {name: field.clean(said.get(name)) for name, field in ids.items()}
        except forms.ValidationError:
            return None
        return {name: value for name, value in found.items() if value}

    def intent(self, deed: str) -> Intent:
        """Return what is to be done, once however often the form is sent. The form must be valid."""
        return Intent(deed, self.arguments(), self.cleaned_data["reason"], self.cleaned_data["sent_as"])


def _plain(value: object) -> str | int | bool | None:
    return value if value is None or isinstance(value, bool | int) else str(value)


class PoolForm(DeedForm):
    pool_id = forms.UUIDField(widget=forms.HiddenInput)


class TotalForm(PoolForm):
    total = forms.IntegerField(label="Total, or maximum", min_value=0)
    over_assign = forms.BooleanField(
        label="Allow a total below what is in use",
        required=False,
        help_text="Nobody loses a licence; none can be assigned until enough are released.",
    )


class ExpiryForm(PoolForm):
    expires_on = forms.DateField(
        label="Last day", required=False, help_text="Empty: no end.", widget=forms.DateInput(_DAY)
    )


class TermsForm(PoolForm):
    terms = forms.ChoiceField(label="Terms", choices=[*Terms.choices])


class RequestForm(DeedForm):
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(
        label="How many more they are given",
        min_value=0,
        help_text="0: none; the request is answered with no.",
    )


class QuotationForm(DeedForm):
    """Licences offered in writing: for each licence that is bought by number, how many more and at which price."""

    explains = (
        "What can be quoted: more licences of the account's own plan, of the types that are bought by number. "
        "For another plan, change the plan first; a trial is bought first; what is billed by use needs no quotation."
    )

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # A browser's own field takes a day in this form alone, whatever the language.
    valid_until = forms.DateField(label="Valid until", widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    note = forms.CharField(
        label="Note to the customer", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def prepare(self) -> None:
        self.fields["reason"].help_text = "Kept with what was done, for the staff."
        self.order_fields(["request_id", *self._add_lines(), "valid_until", "note", "reason"])
        self.initial.setdefault("valid_until", today_of(self.account, timezone.now()) + VALID_FOR)

    def _add_lines(self) -> list[str]:
        agreement = get_agreement(self.account, at=timezone.now())
        names: list[str] = []
        for licence in agreement.licences if agreement else ():
            if licence.tariff is None or licence.tariff.charge_model is not ChargeModel.PREPAID:
                continue
            pk, name, currency = licence.item.pk, licence.name, self.account.currency
            fields = {
                f"{MORE}{pk}": forms.IntegerField(
                    label=f"{name}: how many more", min_value=0, required=False
                ),
                f"{PRICE}{pk}": forms.DecimalField(
                    label=f"{name}: price of one",
                    help_text=f"In {currency}, for a full period, without tax, for all licences of the type."
                    " Empty: as it is.",
                    min_value=Decimal(0),
                    max_digits=14,
                    required=False,
                ),
                f"{PERCENT}{pk}": forms.DecimalField(
                    label=f"{name}: percent off",
                    help_text="For all licences of the type, for good. Empty: as it is.",
                    min_value=Decimal(0),
                    max_value=Decimal(100),
                    max_digits=7,
                    required=False,
                ),
            }
            self.fields.update(fields)
            self.initial.update({field: self.about[field] for field in fields if field in self.about})
            names += fields
        return names

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned[name] for name in cleaned if name.startswith(MORE)):
            raise forms.ValidationError("Say how many more, of one type of licences at least.")
        return cleaned

    def arguments(self) -> Arguments:
        """Leave out what is empty: what is not offered, and prices that stay."""
        told = super().arguments()
        return {name: value for name, value in told.items() if value not in (None, "None", "")}


class QuotationOfForm(DeedForm):
    quotation_id = forms.UUIDField(widget=forms.HiddenInput)


class TrialForm(DeedForm):
    last_day = forms.DateField(label="Last day of the trial", widget=forms.DateInput(_DAY))


class EffectForm(DeedForm):
    takes_effect = forms.ChoiceField(label="From", choices=TakesEffect.choices)


class PlanForm(EffectForm):
    plan = forms.ChoiceField(label="Plan")
    interval = forms.ChoiceField(label="Paid by the", choices=PriceInterval.choices)

    def prepare(self) -> None:
        choices = [(plan.key, f"{plan.product.name}: {plan.name}") for plan in list_plans_for_operator()]
        cast("forms.ChoiceField", self.fields["plan"]).choices = choices
        self.order_fields(["plan", "interval", "takes_effect", "reason"])


class PriceForm(EffectForm):
    item_id = forms.UUIDField(widget=forms.HiddenInput)
    unit_amount = forms.DecimalField(label="Price of one licence", min_value=Decimal(0), max_digits=14)

    def prepare(self) -> None:
        self.order_fields(["item_id", "unit_amount", "takes_effect", "reason"])
        self.fields["unit_amount"].help_text = f"In {self.account.currency}, for a full period, without tax."


class EndForm(EffectForm):
    last_day = forms.DateField(
        label="Last day",
        required=False,
        help_text="Of a contract for a fixed term; else it ends as chosen above.",
        widget=forms.DateInput(_DAY),
    )


class BillingTermsForm(DeedForm):
    seller_key = forms.ChoiceField(label="Seller", required=False)
    terms_days = forms.IntegerField(
        label="Days to pay", required=False, min_value=0, help_text="Empty: as the seller says."
    )
    exempt_reason = forms.CharField(
        label="Exempt from tax, because", required=False, max_length=200, help_text="Empty: not exempt."
    )

    def prepare(self) -> None:
        sellers = [(seller.key, seller.name) for seller in list_sellers_for_operator()]
        cast("forms.ChoiceField", self.fields["seller_key"]).choices = [("", "The usual one"), *sellers]


class AmountForm(DeedForm):
    """An amount in the account's currency; the deed is told minor units."""

    amount = forms.DecimalField(label="Amount", min_value=Decimal(0), max_digits=14)

    def prepare(self) -> None:
        exponent = exponent_of(self.account.currency)
        field = cast("forms.DecimalField", self.fields["amount"])
        field.widget.attrs["step"] = str(Decimal(1).scaleb(-exponent))
        field.help_text = f"In {self.account.currency}, with tax. {field.help_text}".strip()

    def clean_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["amount"]
        exponent = exponent_of(self.account.currency)
        if amount is not None and amount != round(amount, exponent):
            raise forms.ValidationError(
                f"{self.account.currency} has {exponent} decimals. Write no more than that."
            )
        return amount

    def arguments(self) -> Arguments:
        told = dict(super().arguments())
        del told["amount"]
        amount: Decimal = self.cleaned_data["amount"] or Decimal(0)
        return {**told, "amount_minor": int(amount.scaleb(exponent_of(self.account.currency)))}


class GestureForm(AmountForm):
    text = forms.CharField(
        label="Line on the credit note", max_length=300, help_text="The customer reads it."
    )


class DocumentForm(DeedForm):
    document_id = forms.UUIDField(widget=forms.HiddenInput)


class CreditForm(AmountForm):
    document_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label="Amount",
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        help_text="Empty: all that is left.",
    )


class PaymentForm(AmountForm):
    document_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    booked_on = forms.DateField(label="Came in on", widget=forms.DateInput(_DAY))
    payer = forms.CharField(label="Payer", required=False, max_length=140)
    remittance = forms.CharField(
        label="What the payer wrote",
        required=False,
        max_length=300,
        help_text="Of several open invoices the first due is settled first; what is left over is the account's credit.",
    )

    def arguments(self) -> Arguments:
        told = dict(super().arguments())
        return {**told, "document_id": told["document_id"] or ""}


class ClosureForm(DeedForm):
    reference = forms.CharField(
        label="Reference", required=False, max_length=100, help_text="Your own, of a ticket or a letter."
    )

    def prepare(self) -> None:
        self.order_fields(["to", "reason", "reference"])
        self.fields[
            "reason"
        ].help_text = "Kept with the step until the account is erased; the customer reads it."


class ForwardForm(ClosureForm):
    to = forms.DateField(
        label="New day of closing",
        help_text="Tomorrow at the soonest: everybody concerned is told before.",
        widget=forms.DateInput(_DAY),
    )


class WhoPaysForm(DeedForm):
    from_on = forms.DateField(
        label="From this day on",
        help_text="For periods of its customers that begin then or later. Tomorrow at the soonest.",
        widget=forms.DateInput(_DAY),
    )

    def prepare(self) -> None:
        self.fields["from_on"].initial = next_month(today_of(self.account, timezone.now())).isoformat()
        self.fields["reason"].help_text = "Kept with what was done, for the staff."


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


class GiveBackForm(CreditForm):
    payment_id = forms.UUIDField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        super().prepare()
        del self.fields["document_id"]


class RefundForm(DeedForm):
    refund_id = forms.UUIDField(widget=forms.HiddenInput)


class OutcomeForm(DeedForm):
    payment_id = forms.UUIDField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields[
            "reason"
        ].help_text = "What you found in the gateway's own books, and where. What you say here is final."


FORMS: dict[str, type[DeedForm]] = {
    "change_total": TotalForm,
    "change_expiry": ExpiryForm,
    "change_terms": TermsForm,
    "answer_request": RequestForm,
    "send_quotation": QuotationForm,
    "withdraw_quotation": QuotationOfForm,
    "extend_trial": TrialForm,
    "change_plan": PlanForm,
    "agree_price": PriceForm,
    "end_subscription": EndForm,
    "change_billing_terms": BillingTermsForm,
    "credit_account": GestureForm,
    "book_payment": PaymentForm,
    "credit_invoice": CreditForm,
    "void_invoice": DocumentForm,
    "write_off": DocumentForm,
    "refund_credit_note": CreditForm,
    "give_back_payment": GiveBackForm,
    "refund_was_sent": RefundForm,
    "refund_came_back": RefundForm,
    "settle_payment": OutcomeForm,
    "give_up_payment": OutcomeForm,
    "agree_one_bill": WhoPaysForm,
    "end_one_bill": WhoPaysForm,
    "release_billing": DeedForm,
    "discard_draft": DeedForm,
    "request_closure": ClosureForm,
    "acknowledge_closure": ClosureForm,
    "withdraw_closure": ClosureForm,
    "bring_closure_forward": ForwardForm,
    "try_closure_again": DeedForm,
}
