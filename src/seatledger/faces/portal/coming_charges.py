"""What the next invoice will charge for one kind of licence, if nothing more happens."""

from dataclasses import dataclass
from datetime import date, datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.queries import list_billed_pool_ids, preview_next
from seatledger.domain.licences.models import Pool
from seatledger.engine.words import describe_line, explain_line
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class ComingLine:
    """A line to be, with its working. `amount_minor` is net; a credit is negative."""

    description: str
    amount_minor: int
    working: tuple[str, ...]


@dataclass(frozen=True)
class Coming:
    """A pool's lines on the account's next document, dated `on`; there may be none."""

    on: date
    currency: str
    lines: tuple[ComingLine, ...]

    @property
    def net_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)


def find_coming(account: Account, pool: Pool, now: datetime) -> Coming | None:
    """Return what comes for a pool; None where nothing is sold, nothing comes, or nobody is known who sells."""
    if pool.pk not in list_billed_pool_ids(account):
        return None
    try:
        draft = preview_next(account, at=now)
    except Refused:
        return None
    if draft is None:
        return None
    charges = [
        line.charge.line for line in draft.lines if line.charge and line.charge.pool_id == str(pool.pk)
    ]
    lines = (ComingLine(describe_line(line), line.amount_minor, explain_line(line)) for line in charges)
    return Coming(draft.dated_on, draft.currency, tuple(lines))
