"""Statements as a bank would make them, for tests of money that comes in by transfer."""

from seatledger.domain.payments.statements import read_statements

IBAN = "IE29AIBK93115212345678"


def entry(
    amount: str = "334.99",
    *,
    currency: str = "GBP",
    reference: str = "B-1",
    text: str = "INV-1",
    payer: str = "Northwind",
    payer_account: str = "GB33BUKB20201555555555",
    sign: str = "CRDT",
    status: str = "<Sts>BOOK</Sts>",
    more: str = "",
    details: str | None = None,
) -> str:
    """Return one entry of a statement, in the terms of versions 02 to 07."""
    one = detail(text=text, payer=f"<Nm>{payer}</Nm>", payer_account=payer_account)
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{status}'
        f"<BookgDt><Dt>2026-03-20</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
        f"<NtryDtls>{one if details is None else details}</NtryDtls></Ntry>"
    )


def detail(*, text: str = "", payer: str = "", payer_account: str = "", more: str = "") -> str:
    """Return one transfer of an entry; `payer` is the element with his name, which version 08 puts deeper."""
    account = f"<DbtrAcct><Id><IBAN>{payer_account}</IBAN></Id></DbtrAcct>" if payer_account else ""
    return (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{more}"
        f"<RltdPties><Dbtr>{payer}</Dbtr>{account}</RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def camt(*entries: str, version: str = "02", name: str = "S-1") -> bytes:
    """Return a file with one statement."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-03-21T06:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{''.join(entries)}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def statement_of(*entries: str, name: str = "S-1"):
    """Return the one statement of a file with these entries, as it is read."""
    [read] = read_statements(camt(*entries, name=name))
    return read
