"""The steps in which an archive is made. Each writes whole files in the caller's transaction, and says where to go on.

First the rows are counted, then each table is written, then the documents' own files some at a time, then what says what
is what. A process that dies between two steps is followed by one that takes the next.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.exports.models import Export, ExportFile
from seatledger.domain.exports.packing import FileWriter
from seatledger.domain.exports.sections import SECTIONS
from seatledger.domain.exports.tables import BATCH, TableWriter
from seatledger.domain.exports.zipping import Packed, size_of
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import Document, DocumentFile, DocumentKind, FileKind
from seatledger.domain.invoices.papers.names import file_name

# As much work as so many rows of a table, so that the bar moves evenly.
DOCUMENT_WEIGHS: Final = 50
DOCUMENTS_A_STEP: Final = 20
_FOLDER: Final = {DocumentKind.INVOICE.value: "invoices", DocumentKind.CREDIT_NOTE.value: "credit-notes"}


def do_next(export: Export, account: Account, *, at: datetime, by: Actor) -> bool:
    """Do the step that is next and note on `export` that it is done; False once nothing is left."""
    step = export.steps_done
    if step == 0:
        _count(export, account)
    elif step <= len(SECTIONS):
        export.rows_done += _write_table(export, account, step - 1, at=at)
    elif written := _write_documents(export, account, at=at, by=by):
        export.rows_done += DOCUMENT_WEIGHS * written
    else:
        _finish(export, account, at=at)
        return False
    export.steps_done += 1
    return True


def _count(export: Export, account: Account) -> None:
    rows = sum(section.rows(account).count() for section in SECTIONS)
    export.rows_expected = rows + DOCUMENT_WEIGHS * _documents(account).count()


def _write_table(export: Export, account: Account, index: int, *, at: datetime) -> int:
    section = SECTIONS[index]
    writer = TableWriter(
        section.headings,
        as_csv=FileWriter(export, position=2 * index, name=f"csv/{section.name}.csv", at=at),
        as_json=FileWriter(export, position=2 * index + 1, name=f"json/{section.name}.json", at=at),
    )
    rows: Iterator[Any] = iter(section.rows(account).values_list(*section.fields).iterator(chunk_size=BATCH))
    while batch := list(islice(rows, BATCH)):
        writer.write(batch)
    writer.close()
    return writer.rows


def _documents(account: Account) -> QuerySet[Document]:
    return Document.objects.filter(account=account, issue__isnull=False)


def _write_documents(export: Export, account: Account, *, at: datetime, by: Actor) -> int:
    """Write the files of the next documents; returns how many documents. What has no files yet gets them first."""
    rows = _documents(account).select_related("issue", "account").order_by("pk")
    if export.documents_after is not None:
        rows = rows.filter(pk__gt=export.documents_after)
    documents = list(rows[:DOCUMENTS_A_STEP])
    position = (
        2 * len(SECTIONS) + ExportFile.objects.filter(export=export, name__startswith="documents/").count()
    )
    for document in documents:
        store_files(document=document, at=at, by=by)
        for file in (
            DocumentFile.objects.filter(account=account, document=document).order_by("kind").iterator(1)
        ):
            name = file_name(document.issue.reference, FileKind(file.kind)).replace("/", "-")
            path = f"documents/{_FOLDER[document.kind]}/{name}"
            writer = FileWriter(export, position=position, name=path, at=at)
            writer.write(bytes(file.content))
            writer.close()
            position += 1
        export.documents_after = document.pk
    return len(documents)


def _finish(export: Export, account: Account, *, at: datetime) -> None:
    """Write what says what is what, and how each file can be checked."""
    files = ExportFile.objects.filter(export=export).order_by("position")
    position = files.count()
    readme = FileWriter(export, position=position, name="README.txt", at=at)
    for line in _readme(account, list(files.filter(name__startswith="csv/")), at=at):
        readme.write(f"{line}\n".encode())
    readme.close()
    manifest = FileWriter(export, position=position + 1, name="manifest.json", at=at)
    head = {"account": account.serial_number, "asked_at": _instant(export.asked_at), "made_at": _instant(at)}
    manifest.write(f'{json.dumps(head)[:-1]}, "files": [\n'.encode())
    sums = FileWriter(export, position=position + 2, name="SHA256SUMS", at=at)
    for index, file in enumerate(files.iterator(chunk_size=BATCH)):
        if file.position > position:
            break
        said = {"name": file.name, "bytes": file.size_bytes, "sha256": file.sha256, "rows": file.rows}
        said["made_at"] = _instant(file.made_at)
        manifest.write((",\n" if index else "").encode() + json.dumps(said, ensure_ascii=False).encode())
        sums.write(f"{file.sha256}  {file.name}\n".encode())
    manifest.write(b"\n]}\n")
    sums.write(f"{manifest.close().sha256}  manifest.json\n".encode())
    sums.close()
    export.ready_at, export.rows_done = at, export.rows_expected or 0
    export.size_bytes = size_of([packed(file) for file in ExportFile.objects.filter(export=export)])


def packed(file: ExportFile) -> Packed:
    """Return what the frame of the archive says of a file."""
    return Packed(file.name, file.made_at.astimezone(UTC), file.crc32, file.size_bytes, file.packed_bytes)


def _readme(account: Account, tables: list[ExportFile], *, at: datetime) -> Iterator[str]:
    counted = {file.name.removeprefix("csv/").removesuffix(".csv"): file.rows or 0 for file in tables}
    yield f"Everything that the licence portal holds of {account.name} ({account.serial_number})."
    yield f"Made {_instant(at)}."
    yield ""
    yield "csv/         tables for spreadsheets: UTF-8, commas, a heading in the first line. A cell that a spreadsheet would"
    yield "             take for a formula begins with an apostrophe; lists and objects are JSON."
    yield "json/        the same tables for programs, exactly as stored."
    yield "documents/   each invoice and credit note as PDF, and as XML of EN 16931 where it has such a form."
    yield "manifest.json, SHA256SUMS   every file with its size and SHA-256; check with: sha256sum -c SHA256SUMS"
    yield ""
    yield "Instants are in UTC. Amounts end in _minor: whole cents, pence or whatever the currency's smallest unit is."
    yield "Each table is as it was when its file was made; the manifest says when. Passwords and the secrets of second"
    yield "steps are not in here, nor are the names by which payment providers know cards."
    yield "The ledger and the events are chained: `hash` is the SHA-256 over the row and `previous_hash`."
    yield ""
    width = max(len(section.name) for section in SECTIONS)
    for section in SECTIONS:
        yield f"{section.name:<{width}}  {counted.get(section.name, 0):>9,} rows  {section.says}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
