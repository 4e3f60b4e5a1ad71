"""The numbers that the sandbox takes, and what each of them does. There is no other number it would even look at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.models import MethodKind


class Behaviour(StrEnum):
    """What becomes of a method, and of what is charged by it."""

    SUCCEEDS = "succeeds"
    REFUSED_WHEN_ADDED = "refused_when_added"
    FAILS = "fails"
    ASKS_ALWAYS = "asks_always"
    ASKS_IF_ABSENT = "asks_if_absent"
    SUCCEEDS_LATER = "succeeds_later"
    FAILS_LATER = "fails_later"
    TIMES_OUT = "times_out"
    DISPUTED = "disputed"
    RETURNED = "returned"
    REFUND_FAILS = "refund_fails"


@dataclass(frozen=True)
class Number:
    """One test number. `what` says in a few words what it does; `reason` why a charge fails."""

    number: str
    brand: str
    behaviour: Behaviour
    what: str
    reason: str = ""
    kind: MethodKind = MethodKind.CARD

    @property
    def digits(self) -> str:
        return self.number.replace(" ", "")

    @property
    def last_four(self) -> str:
        return self.digits[-4:]


_DEBIT: Final = MethodKind.DIRECT_DEBIT
NUMBERS: Final = (
    Number("4242 4242 4242 4242", "Visa", Behaviour.SUCCEEDS, "Succeeds"),
    Number("5555 5555 5555 4444", "Mastercard", Behaviour.SUCCEEDS, "Succeeds"),
    Number(
        "4000 0000 0000 0002",
        "Visa",
        Behaviour.REFUSED_WHEN_ADDED,
        "Is declined when it is added",
        reasons.DECLINED,
    ),
    Number(
        "4000 0000 0000 0341",
        "Visa",
        Behaviour.FAILS,
        "Can be added; every charge is declined",
        reasons.DECLINED,
    ),
    Number(
        "4000 0000 0000 9995",
        "Visa",
        Behaviour.FAILS,
        "Can be added; there is never enough money on it",
        reasons.INSUFFICIENT_FUNDS,
    ),
    Number(
        "4000 0000 0000 0069",
        "Visa",
        Behaviour.FAILS,
        "Can be added; its bank says that it has expired",
        reasons.CARD_EXPIRED,
    ),
    Number("4000 0027 6000 3184", "Visa", Behaviour.ASKS_ALWAYS, "The bank asks the customer each time"),
    Number(
        "4000 0025 0000 3155",
        "Visa",
        Behaviour.ASKS_IF_ABSENT,
        "The bank asks the customer when he is not there, as at a renewal",
    ),
    Number("4000 0000 0000 0077", "Visa", Behaviour.SUCCEEDS_LATER, "Succeeds later"),
    Number("4000 0000 0000 0085", "Visa", Behaviour.FAILS_LATER, "Fails later", reasons.DECLINED),
    Number(
        "4000 0000 0000 0119",
        "Visa",
        Behaviour.TIMES_OUT,
        "Is charged, and no answer comes: the outcome is unknown until it is asked for",
    ),
    Number("4000 0000 0000 0259", "Visa", Behaviour.DISPUTED, "Succeeds, and is disputed later"),
    Number("4000 0000 0000 3725", "Visa", Behaviour.REFUND_FAILS, "Succeeds; a refund fails later"),
    Number(
        "DE89 3704 0044 0532 0130 00",
        "",
        Behaviour.SUCCEEDS_LATER,
        "Succeeds later, as debits do",
        "",
        _DEBIT,
    ),
    Number(
        "DE62 3704 0044 0532 0130 01",
        "",
        Behaviour.FAILS_LATER,
        "Fails later",
        reasons.INSUFFICIENT_FUNDS,
        _DEBIT,
    ),
    Number(
        "DE35 3704 0044 0532 0130 02",
        "",
        Behaviour.RETURNED,
        "Succeeds later, and is returned after that",
        reasons.RETURNED,
        _DEBIT,
    ),
)
_BY_DIGITS: Final = {number.digits: number for number in NUMBERS}


def find_number(typed: str, kind: MethodKind) -> Number | None:
    """Return the test number that was typed, with or without spaces; None for any other, which nobody reads further."""
    found = _BY_DIGITS.get("".join(typed.upper().split()))
    return found if found and found.kind == kind else None


def number_ending(last_four: str) -> Number:
    """Return the test number that ends in these digits; no two do."""
    return next(number for number in NUMBERS if number.last_four == last_four)
