"""The restore drill: a copy is complete, goes on counting where the original was, and sends nothing until told to."""

import json
import re
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from charging import given_vendor, noon
from charging import run as bill
from delivery import forget_the_jobs
from elsewhere import address_of, empty_database, facts, run, start
from seatledger.domain.accounts.models import Account
from seatledger.domain.people.actions import invite_user
from seatledger.faces.cli.safekeeping.loading import examine
from seatledger.faces.cli.safekeeping.manifest import NotABackup, opened
from seatledger.shared.errors import Refused
from selling import given_subscription
from support import AT, STAFF, given_account, given_administrator

pytestmark = pytest.mark.django_db  # so that there is a database; what is backed up is committed in it

ODD_NAME = 'Tab\there, line\nthere, back\\slash, "quotes", \\N, Ünïcode 🙂, and so on'
# What a copy leaves out on purpose, and the row that keeps it quiet.
DIFFERENT = {"cache_entries", "django_session", "quiet"}


# However fast the machine is, the restore does not come to its end.
STAYS_HALF = """
CREATE FUNCTION stay_half() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
CREATE TRIGGER stays_half BEFORE UPDATE ON quiet FOR EACH ROW EXECUTE FUNCTION stay_half();
"""
END_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
GOES_ON = "DROP FUNCTION stay_half() CASCADE"


class Drill(NamedTuple):
    """A backup of an installation with a history, what that held, and where it was restored."""

    file: Path
    original: dict[str, tuple[int, str]]
    address: str
    said: str


@pytest.fixture(scope="module")
def original(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Two accounts with people, subscriptions and two months of invoices; mails wait to be sent."""
    with django_db_blocker.unblock():
        try:
            given_vendor()
            for name in ("Northwind", "Southwind"):
                account = given_account(name)
                invite_user(user=given_administrator(account), at=AT, by=STAFF)
                given_subscription(account, at=noon("2026-03-03"))
            bill("2026-03-03")
            bill("2026-04-03")
            Account.objects.filter(name="Southwind").update(name=ODD_NAME)
            yield
        finally:
            forget_the_jobs()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def drill(
    original: None, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Drill]:
    with django_db_blocker.unblock(), empty_database("drill") as address:
        file = tmp_path_factory.mktemp("backup") / "seats.backup"
        assert run(address_of(), "backup", file)[0] == 0
        before = facts(address_of())
        code, said = run(address, "restore", file)
        assert code == 0, said
        yield Drill(file, before, address, said)


def test_a_copy_holds_every_row_and_goes_on_counting_where_the_original_was(drill):
    copied = facts(drill.address)
    differing = {
        name for name in drill.original.keys() | copied.keys() if drill.original.get(name) != copied.get(name)
    }
    assert differing == {"quiet"}  # no session and no cache entry was there to be left out
    for table, least in (
        ("accounts_account", 2),
        ("invoices_line", 4),
        ("licences_ledgerentry", 2),
        ("procrastinate_jobs", 1),
    ):
        assert copied[table][0] >= least
    with psycopg.connect(drill.address) as there:
        assert there.execute(
            "SELECT count(*) FROM accounts_account WHERE name = %s", [ODD_NAME]
        ).fetchone() == (1,)


def test_the_chains_and_every_amount_of_a_copy_are_whole(drill):
    code, said = run(drill.address, "verify")
    assert code == 0, said
    assert run(address_of(), "verify") == (0, said)


def test_a_copy_keeps_what_the_database_promises(drill):
    """References, triggers and walls were out of the way while it was filled; they are back."""
    with psycopg.connect(drill.address, autocommit=True) as there, psycopg.connect(address_of()) as original:
        for promises in (
            (
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace"
            ),
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT tablename, policyname, cmd, qual, roles::text FROM pg_policies",
            (
                "SELECT relname, relrowsecurity, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'S')"
            ),
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        ):
            assert sorted(map(repr, there.execute(promises))) == sorted(map(repr, original.execute(promises)))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
            there.execute("UPDATE events_event SET kind = 'other'")


def test_a_copy_sends_nothing_until_told_to(drill, tmp_path):
    """The real worker, twice: while it is quiet no letter leaves; after `resume` those that waited do."""
    at_home = {"SEATLEDGER_STATE": str(tmp_path), "SEATLEDGER_DATABASE_ROLE": "staff"}
    assert "This copy is quiet: nothing is sent, charged or billed." in drill.said
    assert run(drill.address, "worker", "--once", **at_home)[0] == 0
    assert letters(tmp_path) == []
    assert how_jobs_are(drill.address) == {"todo"}
    code, said = run(drill.address, "resume", "--yes")
    assert code == 0
    assert re.search(r"^  delivery: \d+ x deliver_event will be done, the oldest of 20", said, re.MULTILINE)
    for _ in range(2):
        assert run(drill.address, "worker", "--once", **at_home)[0] == 0
    assert [letter for letter in letters(tmp_path) if "cleo.marsh@northwind.example" in letter.lower()] != []


def letters(state: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in (state / "mail").rglob("*.log")]


def how_jobs_are(address: str) -> set[str]:
    with psycopg.connect(address) as there:
        rows = there.execute(
            "SELECT DISTINCT status::text FROM procrastinate_jobs WHERE queue_name = 'delivery'"
        )
        return {status for (status,) in rows}


def test_a_database_that_holds_anything_is_refused(drill):
    before = facts(drill.address)
    assert run(drill.address, "restore", drill.file) == (
        2,
        "seatledger: The database is not empty. Name an empty one with DATABASE_URL or SEATLEDGER_STATE.\n",
    )
    assert facts(drill.address) == before


def rewritten(file: Path, target: Path, change) -> Path:
    """Copy a backup with what `change` makes of its entries."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def with_manifest(**said: object):
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | said).encode() if name == "manifest.json" else content

    return change


def without_a_row(name: str, content: bytes) -> bytes:
    return content.split(b"\n", 1)[1] if name == "tables/licences_ledgerentry.copy" else content


def with_another_amount(name: str, content: bytes) -> bytes:
    return content.replace(b"6000", b"6001") if name == "tables/invoices_line.copy" else content


def cut_off(name: str, content: bytes) -> bytes:
    return content[:-5] if name == "tables/events_event.copy" else content


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (
            without_a_row,
            "The rows of licences_ledgerentry are not those that were written: the file is damaged.",
        ),
        (
            with_another_amount,
            "The rows of invoices_line are not those that were written: the file is damaged.",
        ),
        (cut_off, "The rows of events_event end in the middle."),
        (with_manifest(region="uk"), "This backup is of the region uk, and SEATLEDGER_REGION is eu."),
        (with_manifest(format=2), "This is a backup of format 2; this version reads 1."),
        (with_manifest(migrations="x"), "What the backup says about itself cannot be read: "),
        (
            with_manifest(migrations=[["cell", "0099_of_tomorrow"]], version="9.0"),
            (
                "This backup was made by Seatledger 9.0, whose tables this version does not know (cell 0099_of_tomorrow)."
                " Restore it with that version or a newer one."
            ),
        ),
        (
            lambda name, content: None if name == "manifest.json" else content,
            "broken.backup is no backup, or damaged: ",
        ),
    ],
)
def test_what_differs_is_refused(drill, tmp_path, change, answer):
    broken = rewritten(drill.file, tmp_path / "broken.backup", change)
    with pytest.raises(Refused) as refused:
        examine(broken)
    assert str(refused.value).startswith(answer)


def test_nothing_is_touched_by_a_file_that_is_damaged(drill, tmp_path):
    broken = rewritten(drill.file, tmp_path / "broken.backup", without_a_row)
    with empty_database("refused") as address:
        code, said = run(address, "restore", broken)
        assert (code, said.startswith("seatledger: The rows of licences_ledgerentry are not those")) == (
            2,
            True,
        )
        assert facts(address) == {}


def test_half_a_file_is_refused(drill, tmp_path):
    half = tmp_path / "half.backup"
    half.write_bytes(drill.file.read_bytes()[: drill.file.stat().st_size // 2])
    with pytest.raises(NotABackup, match=r"^half.backup is no backup, or damaged: "), opened(half):
        pass


def test_a_restore_that_was_killed_is_not_served_and_is_begun_again_under_another_key(drill):
    with empty_database("killed") as address:
        restoring = start(address, "restore", drill.file)
        wait_for_the_stamp(address)
        restoring.send_signal(signal.SIGKILL)
        restoring.communicate()
        with psycopg.connect(address, autocommit=True) as there:
            there.execute(END_THE_OTHERS)
            there.execute(GOES_ON)
        assert run(address, "verify") == (
            2,
            "seatledger: a restore into this database has not finished; run `seatledger restore` again with the same file\n",
        )
        # Begun again under another secret key, which it says: not everything works there.
        code, said = run(address, "restore", drill.file, SEATLEDGER_SECRET_KEY="o" * 50)
        assert code == 0, said
        copied = facts(address)
    assert "The secret key is another one" in said
    assert "The secret key is another one" not in drill.said
    assert {name for name, held in drill.original.items() if copied[name] != held} == {"quiet"}


def wait_for_the_stamp(address: str) -> None:
    """Return as soon as the tables are there and marked as half a copy; the mark stays until the restore is killed."""
    deadline = time.monotonic() + 300
    is_there = False
    with psycopg.connect(address, autocommit=True) as there:
        while time.monotonic() < deadline:
            if not is_there and there.execute("SELECT to_regclass('public.quiet')").fetchone() != (None,):
                there.execute(STAYS_HALF)
                is_there = True
            if is_there and there.execute("SELECT count(*) FROM quiet").fetchone() == (1,):
                return
            time.sleep(0.001)
    raise AssertionError("it was never marked")


def test_a_backup_is_its_owners_alone_and_is_not_written_over(drill, tmp_path):
    assert drill.file.stat().st_mode & 0o777 == 0o600
    mine = shutil.copy(drill.file, tmp_path / "mine.backup")
    code, said = run(address_of(), "backup", mine)
    assert (code, said) == (
        2,
        f"seatledger: {mine} exists. Choose another name; no backup is written over.\n",
    )
