"""The page that explains amounts says what the program does: its examples are run."""

import doctest
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatledger.faces.cli.main import seatledger

PATH = Path(__file__).resolve().parents[2] / "docs" / "why-this-amount.md"
PAGE = PATH.read_text(encoding="utf-8")
CONTRACTS = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize(("contract", "told"), CONTRACTS)
def test_a_contract_is_rated_as_the_page_tells(contract: str, told: str):
    answer = CliRunner().invoke(seatledger, ["rate", "-"], input=contract)
    assert answer.exit_code == 0, answer.output
    lines = [
        text
        for invoice in json.loads(answer.stdout)["invoices"]
        for line in invoice["lines"]
        for text in (
            f"{invoice['date']}  {line['amount']:>6}  {line['description']}",
            *(f"    {sentence}" for sentence in line["working"]),
        )
    ]
    assert lines == told.splitlines()


def test_tax_and_credit_are_as_the_page_tells():
    assert len(CONTRACTS) == 2
    result = doctest.testfile(str(PATH), module_relative=False)
    assert (result.failed, result.attempted) == (0, 11)
