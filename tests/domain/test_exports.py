"""Archives: what is in one, that it is whole whatever happens while it is made, and that it goes again."""

import csv
import io
import json
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import transaction

from exporting import archive_of, bytes_of, given_asked_export, given_ready_export
from invoicing import given_invoice
from seatledger.domain.closures.inventory import ERASED, KEPT
from seatledger.domain.events.models import Event
from seatledger.domain.exports import steps, zipping
from seatledger.domain.exports.actions import KEPT_FOR, ask_for_export, forget_exports, take_step
from seatledger.domain.exports.models import Export, ExportFile, ExportPart
from seatledger.domain.exports.packing import FileWriter
from seatledger.domain.exports.queries import get_ready_export, list_export_files
from seatledger.domain.exports.sections import SECTIONS
from seatledger.domain.exports.tables import cell, plain
from seatledger.domain.exports.zipping import Packed, frame, size_of
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import BillingDetails, DocumentFile
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.notifications.models import Message
from seatledger.domain.people.actions import UnknownPermission, create_role
from seatledger.domain.people.permissions import FOR_ADMINISTRATORS, Permission
from seatledger.domain.people.queries import permissions_of
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    SYSTEM,
    actor_of,
    administrator_of,
    bound_to,
    given_account,
    given_pool,
    given_role,
    given_user,
    given_users,
    run_together,
)

pytestmark = pytest.mark.django_db


def given_busy_account(name="Northwind"):
    account = given_account(name)
    given_pool(account)
    given_users(account, 5)
    BillingDetails.objects.create(
        account=account, country="GB", street="1 High Street", city="Leeds", postcode="LS1 1AA"
    )
    given_invoice(account)
    return account


def step(export, at=LATER):
    return take_step(export_id=export.pk, at=at, by=SYSTEM)


def rows_in(archive, name):
    return json.loads(archive.read(f"json/{name}.json"))


def test_the_archive_holds_every_table_and_document_and_says_what_is_what():
    account = given_busy_account()
    archive = archive_of(given_ready_export(account))
    assert archive.testzip() is None
    documents = [name for name in archive.namelist() if name.startswith("documents/")]
    tables = [f"{kind}/{section.name}.{kind}" for section in SECTIONS for kind in ("csv", "json")]
    assert archive.namelist() == [*tables, *documents, "README.txt", "manifest.json", "SHA256SUMS"]
    assert documents == [f"documents/invoices/INV-1{ending}" for ending in ("-cii.xml", ".pdf", "-ubl.xml")]
    for file in DocumentFile.objects.filter(account=account, kind="pdf"):
        assert archive.read("documents/invoices/INV-1.pdf") == bytes(file.content)
    assert "ann.lee@northwind.example" in {row["email"] for row in rows_in(archive, "users")}
    assert len(rows_in(archive, "users")) == 6
    ledger = LedgerEntry.objects.filter(account=account).order_by("sequence")
    assert [row["hash"] for row in rows_in(archive, "licence-ledger")] == [
        bytes(entry.hash).hex() for entry in ledger
    ]
    [invoice] = rows_in(archive, "invoices")
    assert (invoice["issue_reference"], invoice["total_minor"], len(rows_in(archive, "invoice-lines"))) == (
        "INV-1",
        33499,
        4,
    )
    readme = archive.read("README.txt").decode()
    assert f"of Northwind ({account.serial_number})." in readme
    assert "users                         6 rows  Everybody who is or was a user." in readme


def test_csv_and_json_say_the_same():
    archive = archive_of(given_ready_export(given_busy_account()))
    for section in SECTIONS:
        text = archive.read(f"csv/{section.name}.csv").decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        rows = rows_in(archive, section.name)
        assert [{key: cell(value) for key, value in row.items()} for row in rows] == lines, section.name


def test_the_manifest_and_the_sums_hold_for_every_file():
    archive = archive_of(given_ready_export(given_busy_account()))
    manifest = json.loads(archive.read("manifest.json"))
    for file in manifest["files"]:
        content = archive.read(file["name"])
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    assert [file["name"] for file in manifest["files"]] == archive.namelist()[:-2]
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
    assert {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()[:-1]} == sums


def test_nothing_of_a_neighbour_is_in_it():
    neighbour = given_busy_account("Contoso")
    account = given_busy_account()
    archive = archive_of(given_ready_export(account))
    for name in archive.namelist():
        content = archive.read(name)
        assert b"contoso" not in content.lower(), name
        assert neighbour.serial_number.encode() not in content, name


def test_a_job_that_is_bound_reads_no_neighbours_archive():
    export = given_asked_export(given_busy_account())
    with bound_to(given_account("Contoso")):
        assert take_step(export_id=export.pk, at=LATER, by=SYSTEM) is False
    assert Export.objects.get().steps_done == 0


def test_every_table_of_an_account_is_in_the_archive_or_left_out_for_a_reason():
    left_out = {
        "account_emailaddress": "the address is the user's",
        "account_emailconfirmation": "how people sign in",
        "closures_certificate": "handed over by itself",
        "closures_closure": "its events tell it",
        "closures_closurecontact": "its events tell it",
        "closures_closurestep": "its events tell it",
        "closures_erasedtable": "its certificate tells it",
        "exports_export": "archives themselves",
        "exports_exportfile": "archives themselves",
        "exports_exportpart": "archives themselves",
        "invoices_onebill": "its events tell it",
        "invoices_accountbilling": "when a job looks next",
        "invoices_balanceentry": "settlements and documents tell it",
        "figures_accountmonth": "the vendor's own",
        "figures_ending": "the vendor's own",
        "figures_renewal": "the vendor's own",
        "invoices_documentfile": "in documents/",
        "invoices_issue": "with the documents",
        "invoices_void": "with the documents",
        "licences_rolelicence": "its events tell it",
        "mfa_authenticator": "how people sign in",
        "notifications_keptletter": "kept in demos alone",
        "notifications_messagechoice": "what somebody wants to be sent",
        "notifications_poolmark": "what was told already",
        "notifications_webhookattempt": "what programs were told: the events",
        "notifications_webhookdelivery": "what programs were told: the events",
        "notifications_webhookendpoint": "its events tell it; its address may hold a secret",
        "notifications_webhooksecret": "a secret",
        "payments_dunning": "its events tell it",
        "payments_gatewaycustomer": "what a payment provider calls the account",
        "payments_order": "payments and events tell it",
        "payments_quotationfile": "made of quotations and their lines",
        "payments_setup": "pages of a payment provider",
        "people_knowndevice": "how people sign in",
        "signups_signup": "gone when the account is opened",
        "staff_staffdeed": "the vendor's own",
        "staff_staffview": "the vendor's own",
    }
    account = given_account()
    exported = {section.rows(account).model._meta.db_table for section in SECTIONS}
    listed = {entry.table for entry in (*ERASED, *KEPT)} | {"accounts_account"}
    assert listed - exported == set(left_out)
    assert exported - listed == set()


def test_no_secret_is_in_a_table():
    fields = {field for section in SECTIONS for field in section.fields}
    assert fields & {"password", "token", "sealed", "key_hash", "data"} == set()


def test_a_step_that_fails_leaves_nothing_and_is_taken_again(monkeypatch):
    account = given_busy_account()
    export = given_asked_export(account)
    assert step(export)
    broken = FileWriter.close

    def die(self, **said):
        broken(self, **said)
        if self.file.name == "json/account.json":
            raise RuntimeError("killed")

    monkeypatch.setattr(FileWriter, "close", die)
    with pytest.raises(RuntimeError, match="killed"):
        step(export)
    assert (ExportFile.objects.count(), ExportPart.objects.count(), Export.objects.get().steps_done) == (
        0,
        0,
        1,
    )
    monkeypatch.undo()
    while step(export):
        pass
    export.refresh_from_db()
    assert archive_of(export).testzip() is None


def test_the_bar_moves_with_every_step_and_ends_at_a_hundred():
    export = given_asked_export(given_busy_account())
    assert export.percent is None
    seen = []
    while step(export):
        export.refresh_from_db()
        seen.append(export.percent)
    export.refresh_from_db()
    assert seen == sorted(seen)
    assert (seen[0], len(set(seen)) > 5, seen[-1], export.percent) == (0, True, 99, 100)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_make_one_whole_archive():
    account = given_busy_account()
    export = given_asked_export(account)

    def work():
        taken = 0
        while Export.objects.filter(pk=export.pk, ready_at__isnull=True).exists():
            with transaction.atomic():
                taken += step(export)
        return taken

    outcomes = run_together(work, work)
    export.refresh_from_db()
    archive = archive_of(export)
    assert (sum(outcomes), export.steps_done) == (len(SECTIONS) + 2,) * 2
    assert (archive.testzip(), len(set(archive.namelist()))) == (None, len(archive.namelist()))
    assert Event.objects.filter(account=account, kind="export_ready").count() == 1


def test_who_asked_is_told_when_it_is_ready_and_everything_is_recorded():
    account = given_busy_account()
    export = given_ready_export(account)
    message = Message.objects.get(kind="export_ready")
    assert (message.user, message.recipient) == (administrator_of(account), "ann.lee@northwind.example")
    kinds = Event.objects.filter(account=account, kind__startswith="export").order_by("sequence")
    assert [(event.kind, event.actor_kind) for event in kinds] == [
        ("export_asked", "user"),
        ("export_ready", "system"),
    ]
    assert kinds.last().payload["size_bytes"] == export.size_bytes == len(bytes_of(export))


def test_while_one_is_made_nobody_starts_another():
    account = given_account()
    ann = administrator_of(account)
    export = given_asked_export(account)
    assert ask_for_export(account=account, user=ann, at=LATER, by=actor_of(ann)) == export
    assert Event.objects.filter(kind="export_asked").count() == 1


def test_a_new_archive_replaces_the_one_before():
    account = given_account()
    first = given_ready_export(account)
    second = given_ready_export(account)
    assert list(Export.objects.all()) == [second]
    with pytest.raises(NotFound):
        get_ready_export(account, first.pk)


def test_an_archive_goes_after_a_week_and_a_neighbour_never_sees_it():
    account = given_account()
    export = given_ready_export(account)
    with pytest.raises(NotFound):
        get_ready_export(given_account("Contoso"), export.pk)
    ready_at = export.ready_at
    assert forget_exports(at=ready_at + KEPT_FOR, by=SYSTEM) == 0
    assert forget_exports(at=ready_at + KEPT_FOR + timedelta(seconds=1), by=SYSTEM) == 1
    assert (Export.objects.count(), ExportFile.objects.count(), ExportPart.objects.count()) == (0, 0, 0)


def test_the_archive_of_an_account_that_was_closed_is_not_made():
    account = given_account()
    export = given_asked_export(account)
    step(export)
    account.closed_at = LATER
    account.save(update_fields=["closed_at"])
    assert step(export) is False
    assert not Export.objects.exists()


def test_documents_are_packed_some_at_a_time(monkeypatch):
    monkeypatch.setattr(steps, "DOCUMENTS_A_STEP", 2)
    account = given_account()
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        store_files(document=given_invoice(account, on=day), at=AT, by=SYSTEM)
    names = archive_of(given_ready_export(account)).namelist()
    assert sorted(name for name in names if name.endswith(".pdf")) == [
        f"documents/invoices/INV-{number}.pdf" for number in (1, 2, 3)
    ]


def test_a_large_file_is_stored_in_parts(monkeypatch):
    monkeypatch.setattr("seatledger.domain.exports.packing.PART_BYTES", 1_000)
    account = given_account()
    export = given_ready_export(account)
    assert max(len(part.content) for part in ExportPart.objects.all()) == 1_000
    file = ExportFile.objects.get(name="json/events.json")
    assert [part.position for part in file.parts.order_by("position")] == list(
        range(-(-file.packed_bytes // 1_000))
    )
    assert archive_of(export).testzip() is None


def test_only_administrators_may_whatever_a_role_says():
    account = given_account()
    with pytest.raises(UnknownPermission):
        create_role(
            account=account,
            name="Auditor",
            description="",
            permissions=[Permission.DATA_EXPORT],
            at=AT,
            by=STAFF,
        )
    role = given_role(account)
    role.permissions = [*role.permissions, Permission.DATA_EXPORT.value]  # as if it stood there from before
    role.save()
    ben = given_user(account, roles=[role])
    assert Permission.DATA_EXPORT not in permissions_of(ben)
    assert Permission.DATA_EXPORT not in role.allowed
    assert permissions_of(administrator_of(account)) >= FOR_ADMINISTRATORS


def test_cells_are_harmless_and_values_exact():
    assert (cell("=1+1"), cell(None), cell(True), cell(12), cell({"a": "ü"}), cell([])) == (
        "'=1+1",
        "",
        "true",
        "12",
        '{"a": "ü"}',
        "[]",
    )
    assert plain(AT) == "2026-03-02T09:00:00Z"
    assert plain(memoryview(b"\x01\xff")) == "01ff"


# The frame


def framed(contents):
    files, bodies = [], []
    for name, content in contents.items():
        packer = zlib.compressobj(wbits=-15)
        body = packer.compress(content) + packer.flush()
        files.append(
            Packed(
                name, datetime(2026, 3, 2, 9, 0, 58, tzinfo=UTC), zlib.crc32(content), len(content), len(body)
            )
        )
        bodies.append(body)
    whole = b"".join(frame(files, lambda index: [bodies[index]]))
    assert len(whole) == size_of(files)
    return zipfile.ZipFile(io.BytesIO(whole))


@pytest.mark.parametrize("most", [0xFFFFFFFF, 10])
def test_the_frame_is_read_by_others_also_where_numbers_are_large(monkeypatch, most):
    monkeypatch.setattr(zipping, "_SHORT", most)
    contents = {"a.txt": b"a" * 5_000, "ordner/ü.txt": b"", "b/c.bin": bytes(range(256)) * 9}
    archive = framed(contents)
    assert archive.testzip() is None
    assert {info.filename: archive.read(info) for info in archive.infolist()} == contents
    assert archive.infolist()[0].date_time == (2026, 3, 2, 9, 0, 58)


def test_more_files_than_sixteen_bits_count():
    archive = framed({f"{index}": b"" for index in range(66_000)})
    assert len(archive.namelist()) == 66_000


def test_files_are_listed_in_their_order():
    account = given_account()
    export = given_ready_export(account)
    assert [file.position for file in list_export_files(account, export)] == list(
        range(2 * len(SECTIONS) + 3)
    )
