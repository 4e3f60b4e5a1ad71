"""VAT numbers are checked as each country forms them. The numbers here have the right check digits."""

import pytest

from seatledger.domain.invoices.countries import EU
from seatledger.domain.invoices.vat_numbers import UnfitVatNumber, clean_vat_number
from seatledger.shared.text import UnfitText

# Typed, by country, and as stored.
NUMBERS = {
    "AT": ("ATU13585627", "ATU13585627"),
    "BE": ("BE 0428.759.497", "BE0428759497"),
    "BG": ("175074752", "BG175074752"),
    "CY": ("CY-10259033P", "CY10259033P"),
    "CZ": ("CZ 25123891", "CZ25123891"),
    "DE": ("de 136,695 976", "DE136695976"),
    "DK": ("DK 13585628", "DK13585628"),
    "EE": ("EE 100 931 558", "EE100931558"),
    "ES": ("ES B-58378431", "ESB58378431"),
    "FI": ("FI 20774740", "FI20774740"),
    "FR": ("Fr 40 303 265 045", "FR40303265045"),
    "GR": ("GR 094259216", "EL094259216"),
    "HR": ("HR 33392005961", "HR33392005961"),
    "HU": ("HU-12892312", "HU12892312"),
    "IE": ("IE 6433435F", "IE6433435F"),
    "IT": ("IT 00743110157", "IT00743110157"),
    "LT": ("119511515", "LT119511515"),
    "LU": ("LU 150 274 42", "LU15027442"),
    "LV": ("LV 4000 3521 600", "LV40003521600"),
    "MT": ("MT 1167-9112", "MT11679112"),
    "NL": ("004495445B01", "NL004495445B01"),
    "PL": ("PL 8567346215", "PL8567346215"),
    "PT": ("PT 501 964 843", "PT501964843"),
    "RO": ("18547290", "RO18547290"),
    "SE": ("SE 123456789701", "SE123456789701"),
    "SI": ("SI 5022 3054", "SI50223054"),
    "SK": ("SK 202 274 96 19", "SK2022749619"),
    "GB": ("GB 980 7806 84", "GB980780684"),
    "CH": ("CHE-107.787.577 MWST", "CHE107787577MWST"),
    "NO": ("NO 995 525 828 MVA", "NO995525828MVA"),
}


@pytest.mark.parametrize("country", NUMBERS)
def test_a_number_is_stored_behind_its_prefix(country: str):
    typed, stored = NUMBERS[country]
    assert clean_vat_number(typed, country) == stored
    assert clean_vat_number(stored, country) == stored


@pytest.mark.parametrize("country", NUMBERS)
def test_one_digit_wrong_is_refused(country: str):
    stored = NUMBERS[country][1]
    fifth = [index for index, letter in enumerate(stored) if letter.isdigit()][4]
    wrong = f"{stored[:fifth]}{(int(stored[fifth]) + 1) % 10}{stored[fifth + 1 :]}"
    with pytest.raises(UnfitVatNumber, match=f"is no VAT number of {country}. Check each digit"):
        clean_vat_number(wrong, country)


def test_every_country_of_the_union_is_checked():
    assert NUMBERS.keys() >= EU


def test_a_number_of_another_country_is_refused():
    with pytest.raises(UnfitVatNumber, match="choose the country that gave the number"):
        clean_vat_number("DE136695976", "FR")


def test_territories_have_their_countrys_numbers():
    assert clean_vat_number("XI 980 7806 84", "GB") == "XI980780684"
    assert clean_vat_number("GB980780684", "IM") == "GB980780684"
    assert clean_vat_number("FR40303265045", "MC") == "FR40303265045"


def test_numbers_of_other_countries_are_kept():
    assert clean_vat_number(" ab-123 ", "US") == "AB-123"
    assert clean_vat_number("", "DE") == clean_vat_number("  ", "US") == ""
    with pytest.raises(UnfitText, match="at most 20 characters"):
        clean_vat_number("1" * 21, "US")
    with pytest.raises(UnfitText, match="cannot be shown"):
        clean_vat_number("DE136695976\u202e", "DE")
