"""Charge models and counting rules in plain words, shown wherever a price is."""

from seatledger.domain.catalogue.models import ChargeModel, CountingRule, LicenceType

_TYPES = {
    ChargeModel.PREPAID: "By Count",
    ChargeModel.ACTIVE: "By Use",
    ChargeModel.CAPPED: "By Use, up to a maximum",
}
_COUNTED = {
    CountingRule.DAILY: "Billed for each day a licence is held",
    CountingRule.PEAK: "Billed for the highest number held at once in the period",
    CountingRule.CLOSING: "Billed for the number held when the period ends",
    CountingRule.EVER: "Billed for everyone who held one at any time in the period",
}


def subscription_type_of(kind: LicenceType) -> str:
    """Return how licences of this type are counted, in two or three words: `By Count`."""
    return _TYPES[ChargeModel(kind.charge_model)]


def charging_in_words(kind: LicenceType) -> str:
    """Return what is billed for this type, as a sentence without its full stop."""
    return charged_in_words(kind.charge_model, kind.counting_rule)


def charged_in_words(charge_model: str, counting_rule: str) -> str:
    """Return what is billed under a charge model and a counting rule, as a sentence without its full stop."""
    model, rule = ChargeModel(charge_model), CountingRule(counting_rule)
    if model == ChargeModel.PREPAID:
        return "Bought ahead, by count: each licence is billed, whether it is in use or not"
    if model == ChargeModel.CAPPED:
        return f"{_COUNTED[rule]}, up to the maximum"
    return _COUNTED[rule]
