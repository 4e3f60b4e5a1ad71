"""The environment variables Seatledger reads: nothing else configures a process.

A value that is unknown, malformed or at odds with another one is refused before anything starts.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Self
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from seatledger.config.regions import OFFERED_REGIONS, Region, read_commands, read_regions
from seatledger.engine.access import MOST_DAYS_OF_GRACE

PREFIX = "SEATLEDGER_"
SHORTEST_SECRET = 50
SHORTEST_TOKEN = 20
STRIPE_KEYS = ("sk_live_", "rk_live_", "sk_test_", "rk_test_")
MOST_DAYS_AHEAD = 365
LOGO_SUFFIXES = {".svg", ".png", ".jpg"}


class EnvironmentRefused(ValueError):
    """The environment cannot be used; the message is one line that says what to change."""


def split_list(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def split_days(value: str | tuple[int, ...]) -> tuple[int, ...]:
    """Return the days written as `60, 30, 7`, the most first. Raises ValueError for anything else."""
    if isinstance(value, tuple):
        return value
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= MOST_DAYS_AHEAD for part in parts):
        raise ValueError(f"must be numbers of days from 1 to {MOST_DAYS_AHEAD}, such as 60, 30, 7")
    return tuple(sorted({int(part) for part in parts}, reverse=True))


def check_database_url(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql://")
    try:
        names = conninfo_to_dict(value.get_secret_value())
    except ProgrammingError:
        raise ValueError("is not a PostgreSQL address") from None
    if not names.get("dbname"):
        raise ValueError("must name a database")
    return value


def check_mail_address(value: str) -> str:
    name, at, domain = value.partition("@")
    if not (name and at and domain) or any(letter.isspace() for letter in value):
        raise ValueError("must be one mail address, such as licences@example.com")
    return value


def check_page(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or any(letter.isspace() for letter in value)
    ):
        raise ValueError("must be the address of a page such as https://example.com/terms")
    return value


def check_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("must be an address such as https://licences.example.com")
    return f"{parts.scheme}://{parts.netloc}"


def split_secrets(value: str | tuple[SecretStr, ...]) -> tuple[str | SecretStr, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(secret.strip() for secret in value.split(",") if secret.strip())


def check_stripe_key(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(STRIPE_KEYS):
        raise ValueError("must be a secret or restricted key of Stripe's: sk_live_... or rk_live_...")
    return value


def check_stripe_secrets(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not all(secret.get_secret_value().startswith("whsec_") for secret in value):
        raise ValueError("must be the signing secret of a webhook, whsec_..., or several with commas")
    return value


def check_token(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SHORTEST_TOKEN or not value.get_secret_value().isascii():
        raise ValueError(f"needs at least {SHORTEST_TOKEN} characters of ASCII")
    return value


def check_logo(value: Path) -> Path:
    if value.suffix.lower() not in LOGO_SUFFIXES or not value.is_file():
        raise ValueError("must be a picture in a file that ends in .svg, .png or .jpg")
    return value


def default_state() -> Path:
    """Return where a process keeps its files: /var/lib for root, the user's state directory otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/seatledger")
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "seatledger"


MailAddress = Annotated[str, AfterValidator(check_mail_address)]
DunningDay = Annotated[int, Field(ge=1, le=365)]
GraceDays = Annotated[int, Field(ge=0, le=MOST_DAYS_OF_GRACE)]
DaysAhead = Annotated[tuple[int, ...], NoDecode, BeforeValidator(split_days)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Environment(BaseSettings):
    """What the variables say, checked and typed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="forbid"
    )

    mode: Literal["demo", "production"] = "demo"
    debug: bool = False
    secret_key: SecretStr | None = None
    old_secret_keys: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_list)] = Field(
        default=(), repr=False
    )
    metrics_token: Annotated[SecretStr, AfterValidator(check_token)] | None = None
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_list)] = ()
    address: Annotated[str, AfterValidator(check_address)] | None = None
    behind_proxy: bool = False
    region: str = "eu"
    regions: Annotated[tuple[Region, ...], NoDecode, BeforeValidator(read_regions)] = OFFERED_REGIONS
    cell_commands: Annotated[
        tuple[tuple[str, tuple[str, ...]], ...], NoDecode, BeforeValidator(read_commands)
    ] = ()
    state: Path = Field(default_factory=default_state)
    host: str = "127.0.0.1"
    port: Port = 8000
    web_processes: Annotated[int, Field(ge=1, le=64)] = 2
    web_threads: Annotated[int, Field(ge=1, le=128)] = 4
    vendor_email: MailAddress | None = None
    terms_address: Annotated[str, AfterValidator(check_page)] | None = None
    logo: Annotated[Path, AfterValidator(check_logo)] | None = None
    gateway: Literal["sandbox", "stripe", "none"] | None = None
    stripe_key: Annotated[SecretStr, AfterValidator(check_stripe_key)] | None = None
    stripe_webhook_secret: Annotated[
        tuple[SecretStr, ...], NoDecode, BeforeValidator(split_secrets), AfterValidator(check_stripe_secrets)
    ] = ()
    stripe_address: Annotated[str, AfterValidator(check_address)] | None = None
    dunning_days: Annotated[tuple[DunningDay, ...], NoDecode, BeforeValidator(split_list)] = (3, 5, 7, 7)
    grace_days: GraceDays = 7
    grace_after_trial: GraceDays = 0
    grace_after_expiry: GraceDays = 0
    billing_times: Annotated[int, Field(ge=1)] = 10
    billing_least: Annotated[int, Field(ge=0)] = 5_000
    billing_first: Annotated[int, Field(ge=0)] = 50_000
    signup: bool = True
    signup_plans: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_list)] = ()
    reminder_days: DaysAhead = (60, 30, 7)
    trial_reminder_days: DaysAhead = (7, 1)
    # What one member of staff does alone: an amount in units such as pounds, a number of licences, and days by which a
    # closing is brought forward.
    one_person_amount: Annotated[int, Field(ge=0)] = 1_000
    one_person_licences: Annotated[int, Field(ge=0)] = 100
    one_person_days: Annotated[int, Field(ge=0)] = 14
    mail_host: str | None = None
    mail_port: Port | None = None
    mail_user: str | None = None
    mail_password: SecretStr | None = None
    mail_from: MailAddress | None = None
    mail_security: Literal["starttls", "tls", "none"] | None = None
    webhooks_to_loopback: bool | None = None
    database_role: Literal["owner", "web", "staff"] = "owner"
    database_url: Annotated[SecretStr, AfterValidator(check_database_url)] | None = Field(
        default=None, validation_alias="DATABASE_URL"
    )
    postgres_bin: Path | None = None

    @property
    def in_production(self) -> bool:
        return self.mode == "production"

    @property
    def gateway_in_use(self) -> str:
        """Where customers add cards: the sandbox while it is a demo, nowhere in production unless it is said."""
        return self.gateway or ("none" if self.in_production else "sandbox")

    @property
    def stripe_account(self) -> dict[str, Any] | None:
        """What `payments.gateways.stripe` is made of; None where there is no account at Stripe."""
        if self.stripe_key is None:
            return None
        secrets = tuple(secret.get_secret_value() for secret in self.stripe_webhook_secret)
        return {
            "key": self.stripe_key.get_secret_value(),
            "webhook_secrets": secrets,
            "address": self.stripe_address,
        }

    @property
    def shares_this_machine(self) -> bool:
        """Say whether it is a demo whose regions are other ports of the same host, which share their cookies."""
        return not self.in_production and any(each.address for each in self.regions)

    @property
    def webhooks_reach_loopback(self) -> bool:
        """Say whether webhooks may go to this machine and over plain HTTP: in a demo, unless switched off."""
        return not self.in_production if self.webhooks_to_loopback is None else self.webhooks_to_loopback

    @property
    def public_address(self) -> str:
        """The address people type, without a slash at its end."""
        return self.address or f"http://localhost:{self.port}"

    @model_validator(mode="after")
    def refuse_contradictions(self) -> Self:
        if self.region not in {region.key for region in self.regions}:
            offered = ", ".join(region.key for region in self.regions)
            raise ValueError(f"SEATLEDGER_REGION is {self.region!r}, but the regions are: {offered}")
        if unknown := [
            key for key, _ in self.cell_commands if key not in {each.key for each in self.regions}
        ]:
            raise ValueError(f"SEATLEDGER_CELL_COMMANDS names {unknown[0]!r}, which is no region")
        if self.database_url and self.postgres_bin:
            raise ValueError("DATABASE_URL and SEATLEDGER_POSTGRES_BIN exclude each other")
        if not self.mail_host:
            for name in ("mail_port", "mail_user", "mail_password", "mail_security"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{PREFIX}{name.upper()} needs SEATLEDGER_MAIL_HOST")
        if (self.mail_user is None) != (self.mail_password is None):
            raise ValueError("SEATLEDGER_MAIL_USER and SEATLEDGER_MAIL_PASSWORD come together")
        if not self.state.is_absolute():
            raise ValueError("SEATLEDGER_STATE must be an absolute path")
        return self

    @model_validator(mode="after")
    def refuse_half_a_stripe(self) -> Self:
        """The key may be there without the gateway: what was paid with Stripe is still looked after there."""
        key = self.stripe_key.get_secret_value() if self.stripe_key else ""
        if self.gateway == "stripe" and not key:
            raise ValueError("SEATLEDGER_GATEWAY=stripe needs SEATLEDGER_STRIPE_KEY")
        if bool(key) != bool(self.stripe_webhook_secret):
            raise ValueError("SEATLEDGER_STRIPE_KEY and SEATLEDGER_STRIPE_WEBHOOK_SECRET come together")
        if self.stripe_address and not key:
            raise ValueError("SEATLEDGER_STRIPE_ADDRESS needs SEATLEDGER_STRIPE_KEY")
        if not key:
            return self
        if self.in_production and "_test_" in key:
            raise ValueError(
                "SEATLEDGER_STRIPE_KEY is a key for tests, which charges nobody; production needs a live one"
            )
        if not self.in_production and "_live_" in key:
            raise ValueError(
                "SEATLEDGER_STRIPE_KEY is a live key, which charges people; a demo takes one for tests"
            )
        if self.in_production and not (self.stripe_address or "https://").startswith("https://"):
            raise ValueError("SEATLEDGER_STRIPE_ADDRESS must begin with https:// in production")
        return self

    @model_validator(mode="after")
    def refuse_half_a_production(self) -> Self:
        if not self.in_production:
            return self
        for name in ("debug", "webhooks_to_loopback"):
            if getattr(self, name):
                raise ValueError(f"{PREFIX}{name.upper()} must be off in production")
        for name in ("secret_key", "allowed_hosts", "address", "vendor_email", "mail_host", "mail_from"):
            if not getattr(self, name):
                raise ValueError(f"production needs {PREFIX}{name.upper()}")
        if len(self.secret_key.get_secret_value() if self.secret_key else "") < SHORTEST_SECRET:
            raise ValueError(f"SEATLEDGER_SECRET_KEY needs at least {SHORTEST_SECRET} characters")
        if not self.public_address.startswith("https://"):
            raise ValueError("SEATLEDGER_ADDRESS must begin with https:// in production")
        if "*" in self.allowed_hosts:
            raise ValueError("SEATLEDGER_ALLOWED_HOSTS must name the hosts in production, not *")
        if urlsplit(self.public_address).hostname not in self.allowed_hosts:
            raise ValueError("the host of SEATLEDGER_ADDRESS must be among SEATLEDGER_ALLOWED_HOSTS")
        return self


def known_names() -> frozenset[str]:
    """Return the names of all variables that may be set."""
    own = {PREFIX + name.upper() for name in Environment.model_fields if name != "database_url"}
    return frozenset(own | {"DATABASE_URL"})


def read_environment() -> Environment:
    """Return the checked environment. Raises EnvironmentRefused with one line otherwise."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known_names())
    if unknown:
        raise EnvironmentRefused(f"{unknown[0]} is not a setting of Seatledger")
    try:
        return Environment()
    except ValidationError as error:
        raise EnvironmentRefused("; ".join(map(describe_problem, error.errors()))) from None


def describe_problem(problem: ErrorDetails) -> str:
    """Return one problem as a phrase that names its variable."""
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    name = str(problem["loc"][0])
    variable = name if name == "DATABASE_URL" else PREFIX + name.upper()
    return f"{variable} {message[0].lower()}{message[1:]}"


def environment_or_exit() -> Environment:
    """Return the checked environment, or print the one line and leave with exit code 2."""
    try:
        return read_environment()
    except EnvironmentRefused as refusal:
        leave(str(refusal))


def leave(sentence: str) -> NoReturn:
    """Print the sentence and leave with exit code 2: the user can act on it."""
    sys.stderr.write(f"seatledger: {sentence}\n")
    raise SystemExit(2)
