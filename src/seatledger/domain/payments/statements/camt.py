"""camt.053, the bank's statement in XML. Source: ISO 20022, BankToCustomerStatement, versions 02 to 08 and later alike.

Names are read without their version, so that what all versions share is read from each. Only booked credits count.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from lxml import etree

from seatledger.domain.payments.statements.told import (
    LONGEST_PAYER,
    LONGEST_REFERENCE,
    LONGEST_REMITTANCE,
    MOST_CREDITS,
    ReadStatement,
    ToldCredit,
    UnfitStatement,
    clean_told,
    read_money,
)
from seatledger.engine.money import Money

_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})")
_OLDEST: Final = 2
FORM: Final = "camt.053"
_CREDIT: Final = "CRDT"


def read_camt053(content: bytes) -> list[ReadStatement]:
    """Return the statements of a file. Raises UnfitStatement for anything that is not camt.053, whole and plain."""
    root = _parse(content)
    version = _NAMESPACE.fullmatch(etree.QName(root).namespace or "")
    if version is None or int(version[1]) < _OLDEST:
        raise UnfitStatement(
            "This XML is no camt.053. Ask your bank for a statement in camt.053, version 02 or later."
        )
    found = [_statement(node) for node in root.iterfind("{*}BkToCstmrStmt/{*}Stmt")]
    if not found:
        raise UnfitStatement("The file holds no statement. Ask your bank for another one.")
    if sum(len(one.credits) for one in found) > MOST_CREDITS:
        raise UnfitStatement(
            f"A file holds {MOST_CREDITS:,} credits at most. Ask your bank for one file a day."
        )
    return found


def _parse(content: bytes) -> etree._Element:
    """Return the root. Neither entities nor anything outside the file is ever looked at."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise UnfitStatement(
            f"The XML is broken: {clean_told(problem.msg, 200)}. Download the file again."
        ) from None
    if root.getroottree().docinfo.doctype:
        raise UnfitStatement(
            "The XML declares a document type, which no bank's statement does. It is not read."
        )
    return root


def _statement(node: etree._Element) -> ReadStatement:
    account = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    name = _text(node, "Id")
    if not name:
        raise UnfitStatement("A statement has no identification (Id). Ask your bank for another file.")
    told: list[ToldCredit] = []
    left_out: list[str] = []
    others = 0
    for place, entry in enumerate(node.iterfind("{*}Ntry"), start=1):
        if _text(entry, "RvslInd") in {"true", "1"}:
            left_out.append(_reversal(entry))
        elif _is_booked(entry) and _text(entry, "CdtDbtInd") == _CREDIT:
            told += _credits_of(entry, f"{account}/{_text(entry, 'AcctSvcrRef') or f'{name}/{place}'}")
        else:
            others += 1
    if others:
        left_out.append(f"Left out, as debits or not booked yet: {others}.")
    identifier = clean_told(f"{account}/{name}", LONGEST_REFERENCE)
    return ReadStatement(FORM, identifier, tuple(told), tuple(left_out))


def _is_booked(entry: etree._Element) -> bool:
    """Say whether an entry is booked: `Sts` holds the code itself up to version 07, and an element `Cd` from 08 on."""
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK"


def _reversal(entry: etree._Element) -> str:
    sign = "A credit" if _text(entry, "CdtDbtInd") == _CREDIT else "A debit"
    what = "given back of what had gone out" if sign == "A credit" else "that takes back what had come in"
    return (
        f"{sign} of {_amount(entry)} on {_day(entry)}, {what}: {_remittance(entry) or 'no text'}."
        " If a payment was booked for it, undo that by hand."
    )


def _credits_of(entry: etree._Element, reference: str) -> Iterator[ToldCredit]:
    """Yield an entry's credits: each transfer of a batch where the bank tells them apart, else the entry as one."""
    whole, on = _amount(entry), _day(entry)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    amounts = [_detail_amount(one) for one in details]
    if (
        len(details) < 2
        or None in amounts
        or sum(one.amount_minor for one in amounts if one) != whole.amount_minor
    ):
        yield _told(details[0] if len(details) == 1 else entry, whole, on, reference)
        return
    for place, (detail, amount) in enumerate(zip(details, amounts, strict=True), start=1):
        if amount and amount.amount_minor > 0:
            own = _text(detail, "Refs/AcctSvcrRef")
            yield _told(detail, amount, on, f"{reference}/{own or place}")


def _detail_amount(detail: etree._Element) -> Money | None:
    """Return what a transfer of a batch is over, negative for a debit within it; None where the bank does not say."""
    found = detail.find("{*}Amt")
    if found is None:
        found = detail.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    if found is None:
        return None
    amount = _money(found)
    return -amount if _text(detail, "CdtDbtInd") == "DBIT" else amount


def _told(node: etree._Element, amount: Money, on: date, reference: str) -> ToldCredit:
    parties = "RltdPties" if node.find("{*}RltdPties") is not None else "NtryDtls/TxDtls/RltdPties"
    payer = (
        _text(node, f"{parties}/Dbtr/Nm")
        or _text(node, f"{parties}/Dbtr/Pty/Nm")
        or _text(node, f"{parties}/UltmtDbtr/Nm")
        or _text(node, f"{parties}/UltmtDbtr/Pty/Nm")
    )
    return ToldCredit(
        bank_reference=clean_told(reference, LONGEST_REFERENCE),
        booked_on=on,
        amount=amount,
        payer=clean_told(payer, LONGEST_PAYER),
        payer_account=clean_told(_text(node, f"{parties}/DbtrAcct/Id/IBAN"), 34),
        remittance=_remittance(node),
    )


def _remittance(node: etree._Element) -> str:
    """Return all that the payer wrote: the structured reference, the free text, and the reference end to end."""
    wanted = ("RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref", "RmtInf/{*}Ustrd", "Refs/{*}EndToEndId")
    texts = [found.text or "" for path in wanted for found in node.iterfind(f".//{{*}}{path}")]
    texts += [_text(node, "AddtlTxInf"), _text(node, "AddtlNtryInf")]
    said = [text for text in texts if text.strip() not in {"", "NOTPROVIDED"}]
    return clean_told(" ".join(dict.fromkeys(said)), LONGEST_REMITTANCE)


def _amount(entry: etree._Element) -> Money:
    found = entry.find("{*}Amt")
    if found is None:
        raise UnfitStatement("An entry has no amount (Amt). Ask your bank for another file.")
    return _money(found)


def _money(found: etree._Element) -> Money:
    text, currency = (found.text or "").strip(), found.get("Ccy", "")
    try:
        amount = read_money(text, currency)
    except ValueError:
        amount = None
    if amount is None or amount.amount_minor < 0:
        said = clean_told(f"{text} {currency}", 40)
        raise UnfitStatement(f"“{said}” is no amount that can be read. Ask your bank for another file.")
    return amount


def _day(entry: etree._Element) -> date:
    """Return the day of booking. Raises UnfitStatement when there is none."""
    text = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise UnfitStatement(
            "An entry has no day of booking (BookgDt). Ask your bank for another file."
        ) from None


def _text(node: etree._Element, path: str) -> str:
    """Return the text at a path of names without their namespace; empty when there is none."""
    found = node.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""
