"""Every rule has its proof, and the page that lists them is current."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from list_requirements import PAGE, expand, find_tests, read_rules, rules_named_in, rules_of_later, write_page

RULES = [rule for chapter in read_rules().values() for rule in chapter if rule != "title"]
DELIVERED = expand("A1-A34, B1-B15, C1-C25, D1-D26, E1-E20")


def test_every_rule_is_listed_once():
    assert expand("A1-A34, B1-B15, C1-C25, D1-D26, E1-E20") == RULES


def test_what_comes_later_is_all_that_is_not_delivered():
    assert set(rules_of_later()) == set(RULES) - set(DELIVERED)


def test_every_rule_that_is_delivered_has_a_test():
    assert [rule for rule in DELIVERED if rule not in find_tests()] == []


def test_no_test_names_a_rule_that_is_not_there():
    assert set(find_tests()) <= set(RULES)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run: python scripts/list_requirements.py"


def test_rules_are_read_from_the_comments_of_a_test():
    source = "# A1\n@mark\ndef test_one():  # C3-C5\n    assert True  # not B1\n\n\ndef test_two():\n    # D1 D2\n    ...\n"
    assert list(rules_named_in(source)) == [
        (["A1", "C3", "C4", "C5"], "test_one"),
        (["D1", "D2"], "test_two"),
    ]
