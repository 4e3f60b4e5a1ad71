"""Operators see what a catalogue file changes, apply it, and look at what is sold."""

from pathlib import Path

import pytest

from commands import run_command as run
from seatledger.domain.catalogue.models import LicenceType

pytestmark = pytest.mark.django_db

CATALOGUES = Path(__file__).resolve().parents[2] / "catalogues"
CALENDAR = "Periods are those of the calendar; a part of one is charged as its part."
VOLUME = "all licences by the tier of the last one"
COMMITTED = f"At least 25 licences are counted. 10 % off for the first 3 months. {CALENDAR}"


def test_apply_shows_the_difference_and_applies_it():
    code, output = run(
        "catalogue", "apply", CATALOGUES / "service-provider.toml", "--effective", "2026-01-01"
    )
    assert (code, output.splitlines()) == (
        0,
        [
            "+ product Service Provider (service-provider)",
            "+ licence type Active User (service-provider-active-user)",
            "+ plan Service Provider (service-provider), version 1, from 2026-01-01",
            "      service-provider-active-user: not limited",
            f"          39.00 USD per licence per month. {CALENDAR}",
            f"          36.00 EUR per licence per month. {CALENDAR}",
            f"          31.00 GBP per licence per month. {CALENDAR}",
            "+ plan Service Provider, committed (service-provider-committed), version 1, from 2026-01-01",
            "      service-provider-active-user: not limited",
            f"          Per month, {VOLUME}: 1 to 99, 34.00 USD each; from 100 on, 29.00 USD each. {COMMITTED}",
            f"          Per month, {VOLUME}: 1 to 99, 31.50 EUR each; from 100 on, 27.00 EUR each. {COMMITTED}",
            f"          Per month, {VOLUME}: 1 to 99, 27.00 GBP each; from 100 on, 23.00 GBP each. {COMMITTED}",
            "Applied.",
        ],
    )


def test_a_second_apply_says_that_nothing_changes():
    run("catalogue", "apply", CATALOGUES / "remote-support.toml")
    assert run("catalogue", "apply", CATALOGUES / "remote-support.toml") == (0, "Nothing to change.\n")


def test_a_dry_run_changes_nothing():
    code, output = run("catalogue", "apply", CATALOGUES / "assistant.toml", "--dry-run")
    assert code == 0
    assert output.endswith("Nothing was changed: this was a dry run.\n")
    assert not LicenceType.objects.exists()


def test_a_change_is_shown_with_before_and_after(tmp_path: Path):
    run("catalogue", "apply", CATALOGUES / "service-provider.toml", "--effective", "2026-01-01")
    changed = tmp_path / "changed.toml"
    text = (CATALOGUES / "service-provider.toml").read_text(encoding="utf-8")
    changed.write_text(
        text.replace("39.00", "42.00").replace('"Active User"', '"Active person"'), encoding="utf-8"
    )
    assert run("catalogue", "apply", changed, "--effective", "2026-12-01") == (
        0,
        (
            "~ licence type service-provider-active-user: name: Active User -> Active person\n"
            "~ licence type service-provider-active-user: former_names: nothing -> Active User\n"
            "+ plan Service Provider (service-provider), version 2, from 2026-12-01\n"
            "      service-provider-active-user: not limited\n"
            f"          42.00 USD per licence per month. {CALENDAR}\n"
            f"          36.00 EUR per licence per month. {CALENDAR}\n"
            f"          31.00 GBP per licence per month. {CALENDAR}\n"
            "Applied.\n"
        ),
    )


def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[product]\nkey = 'suite'\n", encoding="utf-8")
    assert run("catalogue", "apply", wrong) == (2, "seatledger: product: name is missing.\n")


def test_a_wrong_day_is_refused():
    code, output = run("catalogue", "apply", CATALOGUES / "assistant.toml", "--effective", "tomorrow")
    assert (code, "“tomorrow” is no day. Write it as 2026-11-21." in output) == (2, True)


def test_show_says_how_each_type_is_held_and_charged():
    run("catalogue", "apply", CATALOGUES / "remote-support.toml", "--effective", "2026-01-01")
    code, output = run("catalogue", "show")
    assert code == 0
    assert output.splitlines()[0] == "Built in: Active User (active-user)"
    assert output.splitlines()[2:6] == [
        "Remote Support: On-demand (on-demand)",
        (
            "    Held by a user. Bought ahead, by count: each licence is billed, whether it is in use or not. "
            "Stays with its holder for 90 days. Formerly On-demand Operator."
        ),
        "Remote Support: Managed Agent (managed-agent)",
        "    Held by a device. Bought ahead, by count: each licence is billed, whether it is in use or not.",
    ]
    assert output.splitlines()[6:11] == [
        "Remote Support: plan Remote Support (remote-support)",
        "    version 1, from 2026-01-01",
        "        managed-agent: 50",
        "            2.10 EUR per licence per month.",
        (
            "            Per year, each licence by its own tier: 1 to 100, 21.00 EUR each; 101 to 500, 17.50 EUR each; "
            "from 501 on, 14.00 EUR each."
        ),
    ]
