"""Operators see what a seller's file changes, apply it, and look at who sells."""

from pathlib import Path

import pytest

from commands import run_command as run
from seatledger.domain.invoices.models import Seller

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).resolve().parents[2] / "sellers" / "sample.toml"


def test_apply_shows_the_difference_and_applies_it():
    code, output = run("seller", "apply", SAMPLE)
    lines = output.splitlines()
    assert (code, lines[0], lines[-1]) == (0, "+ seller Larkfield Software Limited (larkfield)", "Applied.")
    assert "+ rate FI from 2024-09-01: 25.5 %" in lines
    assert run("seller", "apply", SAMPLE) == (0, "Nothing to change.\n")


def test_a_dry_run_changes_nothing():
    code, output = run("seller", "apply", SAMPLE, "--dry-run")
    assert (code, output.splitlines()[-1]) == (0, "Nothing was changed: this was a dry run.")
    assert not Seller.objects.exists()


def test_show_says_who_sells():
    run("seller", "apply", SAMPLE)
    code, output = run("seller", "show")
    assert code == 0
    lines = output.splitlines()
    assert lines[:5] == [
        "Larkfield Software Limited (larkfield), the default",
        "    12 Quayside, D02 XY00 Dublin, IE, IE1234567T",
        "    next invoice: INV-1",
        "    next credit note: CN-1",
        "    20 % in AT, from 1984-01-01",
    ]
    assert "    24 % in EE, from 2025-07-01" in lines
    assert len(lines) == 4 + 30


def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path):
    path = tmp_path / "seller.toml"
    path.write_text(SAMPLE.read_text(encoding="utf-8").replace("IE1234567T", "IE1234567A"), encoding="utf-8")
    assert run("seller", "apply", path) == (
        2,
        (
            "seatledger: seller: vat_number is refused: “IE1234567A” is no VAT number of IE. Check each digit,"
            " or choose the country that gave the number.\n"
        ),
    )
