"""Bank statements as banks hand them over: which credits they tell of. One file for each form."""

from seatledger.domain.payments.statements.reading import read_statements
from seatledger.domain.payments.statements.told import Columns, ReadStatement, ToldCredit, UnfitStatement

__all__ = ["Columns", "ReadStatement", "ToldCredit", "UnfitStatement", "read_statements"]
