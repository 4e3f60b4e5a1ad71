"""The environment is read strictly: what cannot be used is refused in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from seatledger.config.environment import Environment, EnvironmentRefused, known_names, read_environment
from seatledger.config.regions import Region

PRODUCTION = {
    "SEATLEDGER_MODE": "production",
    "SEATLEDGER_SECRET_KEY": "k" * 50,
    "SEATLEDGER_ALLOWED_HOSTS": "licences.example.com",
    "SEATLEDGER_ADDRESS": "https://licences.example.com/",
    "SEATLEDGER_VENDOR_EMAIL": "licences@example.com",
    "SEATLEDGER_MAIL_HOST": "mail.example.com",
    "SEATLEDGER_MAIL_FROM": "licences@example.com",
}
STRIPE = {"SEATLEDGER_STRIPE_KEY": "sk_test_1", "SEATLEDGER_STRIPE_WEBHOOK_SECRET": "whsec_1, whsec_2"}


@pytest.fixture
def read(monkeypatch):
    """Read the environment made of these variables alone."""

    def read_with(**variables: str) -> Environment:
        for name in ("DATABASE_URL", "SEATLEDGER_STATE", "SEATLEDGER_POSTGRES_BIN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_environment()

    return read_with


def test_nothing_set_is_a_demo_of_the_first_region(read):
    environment = read()
    assert (environment.mode, environment.region, environment.port) == ("demo", "eu", 8000)
    assert environment.public_address == "http://localhost:8000"


def test_a_complete_production_is_accepted(read):
    environment = read(**PRODUCTION)
    assert environment.in_production
    assert environment.allowed_hosts == ("licences.example.com",)
    assert environment.public_address == "https://licences.example.com"


def test_an_account_at_stripe_has_a_key_and_the_secrets_of_its_webhook(read):
    assert read().stripe_account is None
    account = read(SEATLEDGER_GATEWAY="stripe", **STRIPE).stripe_account
    assert account == {"key": "sk_test_1", "webhook_secrets": ("whsec_1", "whsec_2"), "address": None}
    live = PRODUCTION | STRIPE | {"SEATLEDGER_STRIPE_KEY": "rk_live_1"}
    assert (read(**live).stripe_account or {})["key"] == "rk_live_1"


def test_regions_are_written_with_label_and_address(read):
    environment = read(
        SEATLEDGER_REGIONS="eu|Europe|https://eu.example.com; us|America", SEATLEDGER_REGION="us"
    )
    assert environment.regions == (Region("eu", "Europe", "https://eu.example.com"), Region("us", "America"))


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"SEATLEDGER_PROT": "80"}, "SEATLEDGER_PROT is not a setting of Seatledger"),
        ({"SEATLEDGER_MODE": "prod"}, "SEATLEDGER_MODE input should be 'demo' or 'production'"),
        ({"SEATLEDGER_PORT": "0"}, "SEATLEDGER_PORT input should be greater than or equal to 1"),
        (
            {"SEATLEDGER_REGION": "mars"},
            "SEATLEDGER_REGION is 'mars', but the regions are: eu, uk, us",
        ),
        ({"SEATLEDGER_REGIONS": "eu|A;eu|B"}, "SEATLEDGER_REGIONS names a region twice"),
        ({"SEATLEDGER_REGIONS": "eu"}, "SEATLEDGER_REGIONS must read key|label|address; key|label|address"),
        ({"SEATLEDGER_STATE": "here"}, "SEATLEDGER_STATE must be an absolute path"),
        (
            {"SEATLEDGER_VENDOR_EMAIL": "nobody"},
            "SEATLEDGER_VENDOR_EMAIL must be one mail address, such as licences@example.com",
        ),
        (
            {"SEATLEDGER_LOGO": "/etc/passwd"},
            "SEATLEDGER_LOGO must be a picture in a file that ends in .svg, .png or .jpg",
        ),
        (
            {"SEATLEDGER_LOGO": "/nowhere/logo.svg"},
            "SEATLEDGER_LOGO must be a picture in a file that ends in .svg, .png or .jpg",
        ),
        ({"SEATLEDGER_MAIL_PORT": "25"}, "SEATLEDGER_MAIL_PORT needs SEATLEDGER_MAIL_HOST"),
        (
            {"SEATLEDGER_MAIL_HOST": "mail.example.com", "SEATLEDGER_MAIL_USER": "ann"},
            "SEATLEDGER_MAIL_USER and SEATLEDGER_MAIL_PASSWORD come together",
        ),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must start with postgresql://"),
        ({"DATABASE_URL": "postgresql://localhost"}, "DATABASE_URL must name a database"),
        ({"DATABASE_URL": "postgresql://[::1/x"}, "DATABASE_URL is not a PostgreSQL address"),
        (
            {"DATABASE_URL": "postgresql://localhost/x", "SEATLEDGER_POSTGRES_BIN": "/usr/bin"},
            "DATABASE_URL and SEATLEDGER_POSTGRES_BIN exclude each other",
        ),
        (
            {"SEATLEDGER_GRACE_AFTER_TRIAL": "-1"},
            "SEATLEDGER_GRACE_AFTER_TRIAL input should be greater than or equal to 0",
        ),
        (
            {"SEATLEDGER_GRACE_AFTER_EXPIRY": "366"},
            "SEATLEDGER_GRACE_AFTER_EXPIRY input should be less than or equal to 365",
        ),
        (
            {"SEATLEDGER_GRACE_AFTER_TRIAL": "a week"},
            "SEATLEDGER_GRACE_AFTER_TRIAL input should be a valid integer, unable to parse string as an integer",
        ),
        ({"SEATLEDGER_GATEWAY": "stripe"}, "SEATLEDGER_GATEWAY=stripe needs SEATLEDGER_STRIPE_KEY"),
        (
            {"SEATLEDGER_STRIPE_KEY": "pk_test_1"},
            "SEATLEDGER_STRIPE_KEY must be a secret or restricted key of Stripe's: sk_live_... or rk_live_...",
        ),
        (
            {"SEATLEDGER_STRIPE_WEBHOOK_SECRET": "whsec_1,secret"},
            "SEATLEDGER_STRIPE_WEBHOOK_SECRET must be the signing secret of a webhook, whsec_..., or several with commas",
        ),
        (
            {"SEATLEDGER_STRIPE_KEY": "sk_test_1"},
            "SEATLEDGER_STRIPE_KEY and SEATLEDGER_STRIPE_WEBHOOK_SECRET come together",
        ),
        (
            {"SEATLEDGER_STRIPE_WEBHOOK_SECRET": "whsec_1"},
            "SEATLEDGER_STRIPE_KEY and SEATLEDGER_STRIPE_WEBHOOK_SECRET come together",
        ),
        (
            {"SEATLEDGER_STRIPE_ADDRESS": "http://127.0.0.1:1"},
            "SEATLEDGER_STRIPE_ADDRESS needs SEATLEDGER_STRIPE_KEY",
        ),
        (
            STRIPE | {"SEATLEDGER_STRIPE_KEY": "rk_live_1"},
            "SEATLEDGER_STRIPE_KEY is a live key, which charges people; a demo takes one for tests",
        ),
        (
            PRODUCTION | STRIPE,
            "SEATLEDGER_STRIPE_KEY is a key for tests, which charges nobody; production needs a live one",
        ),
        (
            PRODUCTION
            | STRIPE
            | {"SEATLEDGER_STRIPE_KEY": "sk_live_1", "SEATLEDGER_STRIPE_ADDRESS": "http://127.0.0.1"},
            "SEATLEDGER_STRIPE_ADDRESS must begin with https:// in production",
        ),
        ({"SEATLEDGER_MODE": "production"}, "production needs SEATLEDGER_SECRET_KEY"),
        (PRODUCTION | {"SEATLEDGER_DEBUG": "1"}, "SEATLEDGER_DEBUG must be off in production"),
        (
            PRODUCTION | {"SEATLEDGER_SECRET_KEY": "short"},
            "SEATLEDGER_SECRET_KEY needs at least 50 characters",
        ),
        (PRODUCTION | {"SEATLEDGER_ALLOWED_HOSTS": ""}, "production needs SEATLEDGER_ALLOWED_HOSTS"),
        (
            PRODUCTION | {"SEATLEDGER_ALLOWED_HOSTS": "*"},
            "SEATLEDGER_ALLOWED_HOSTS must name the hosts in production, not *",
        ),
        (
            PRODUCTION | {"SEATLEDGER_ALLOWED_HOSTS": "other.example.com"},
            "the host of SEATLEDGER_ADDRESS must be among SEATLEDGER_ALLOWED_HOSTS",
        ),
        (
            PRODUCTION | {"SEATLEDGER_ADDRESS": "http://licences.example.com"},
            "SEATLEDGER_ADDRESS must begin with https:// in production",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(read, variables, line):
    with pytest.raises(EnvironmentRefused) as refused:
        read(**variables)
    assert str(refused.value) == line


def test_every_setting_is_explained():
    told = (Path(__file__).resolve().parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    assert {name for name in known_names() if f"`{name}`" not in told} == set()


def test_a_refused_secret_is_not_shown(read):
    with pytest.raises(EnvironmentRefused) as refused:
        read(DATABASE_URL="mysql://ann:hunter2@localhost/x")
    assert "hunter2" not in str(refused.value)


def test_a_process_refuses_to_start_with_one_line_and_code_2(tmp_path: Path):
    answer = subprocess.run(
        [sys.executable, "-m", "seatledger.faces.cli.main", "migrate"],
        env={"SEATLEDGER_STATE": str(tmp_path), "SEATLEDGER_PROT": "80", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (
        2,
        "seatledger: SEATLEDGER_PROT is not a setting of Seatledger\n",
    )
