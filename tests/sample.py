"""The sample history of the repository, and the account it belongs into."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.files import read_catalogue_file
from seatledger.domain.catalogue.queries import get_plan_version_for_operator
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import (
    NewAccount,
    NewUser,
    apply_catalogue,
    open_account,
)
from seatledger.domain.licences.models import Terms
from seatledger.domain.licences.plans import pools_of_plan

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = REPOSITORY / "samples" / "unified-communications.csv.gz"
OPENED_AT = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)
FIRST_MAXIMUM = 10


def sample_text() -> str:
    return gzip.decompress(SAMPLE.read_bytes()).decode()


def sample_file() -> BinaryIO:
    return io.BytesIO(sample_text().encode())


def given_sample_account() -> Account:
    """Open Northwind before its history begins, with the plan of unified communications."""
    wanted = read_catalogue_file(REPOSITORY / "catalogues" / "unified-communications.toml")
    apply_catalogue(wanted=wanted, effective_on=OPENED_AT.date(), at=OPENED_AT, by=Actor.admin_team())
    version = get_plan_version_for_operator("unified-communications", OPENED_AT.date())
    account, _ = open_account(
        new=NewAccount(name="Northwind", region="eu"),
        administrator=NewUser("Ann", "Lee", "ann.lee@northwind.example"),
        pools=pools_of_plan(version, terms=Terms.PAID, expires_on=None),
        at=OPENED_AT,
        by=Actor.admin_team(),
    )
    return account
