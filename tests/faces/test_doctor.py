"""`seatledger doctor` finds what is wrong, says what to do, changes nothing and sends nothing."""

import json
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core import mail
from django.db import connection

from charging import given_vendor
from commands import run_command
from elsewhere import empty_database, run
from mailing import MailServer, free_port, running, use_server
from seatledger.domain.events.models import Event
from seatledger.faces.cli.checks import surroundings
from seatledger.faces.cli.checks.database import check_migrations, check_server, check_walls
from seatledger.faces.cli.checks.findings import State
from seatledger.faces.cli.checks.surroundings import check_clock, check_disk, check_mail
from seatledger.faces.cli.checks.work import check_billing, check_jobs, check_numbers
from seatledger.faces.cli.doctor import examine
from seatledger.shared.quiet import become_quiet
from support import given_account

pytestmark = pytest.mark.django_db


def states(check) -> list[tuple[str, str]]:
    return [(finding.state.value, finding.words) for finding in check()]


def given_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def given_job(status: str, age: str, queue: str = "delivery") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES (%s, 'x', %s) RETURNING id",
            [queue, status],
        )
        [(job,)] = cursor.fetchall()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s::interval WHERE job_id = %s", [age, job]
        )
        kind = "failed" if status == "failed" else "deferred"
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, now() - %s::interval)",
            [job, kind, age],
        )


def test_a_demo_that_works_has_no_problem():
    given_vendor()
    given_account()
    given_worker()
    found = list(examine())
    # The server of the tests may lose what it wrote with the machine, and that is a problem rightly told.
    assert {one.subject for one in found if one.state is State.ILL} <= {"database"}
    lines = run_command("doctor")[1].splitlines()
    assert "warning  configuration: this is a demo." in lines
    assert "ok       walls: both roles are bound by row-level security on every account's table." in lines
    assert "ok       numbers: chains, counters and amounts of 1 account(s) agree." in lines
    assert mail.outbox == []


def test_a_program_reads_the_same():
    code, said = run_command("doctor", "--json")
    assert code == 1
    found = {finding["subject"]: finding for finding in json.loads(said)}
    assert found["jobs"] == {
        "subject": "jobs",
        "state": "problem",
        "words": "no worker has been heard of for 30 seconds",
        "advice": "Start `seatledger worker`.",
    }


def test_a_database_that_is_away_is_one_finding():
    with empty_database("gone") as address:
        pass
    code, said = run(address, "doctor")
    assert code == 1, said
    assert "PROBLEM  database: it does not answer: " in said
    assert "Traceback" not in said


def test_an_empty_database_is_told_to_migrate():
    with empty_database("empty") as address:
        code, said = run(address, "doctor")
    assert code == 1
    assert "are not applied." in said
    assert "Run `seatledger migrate`." in said


def test_any_command_says_so_of_an_empty_database_and_of_none():
    with empty_database("bare") as address:
        code, said = run(address, "account", "list")
    assert (code, said.count("\n")) == (3, 1)
    assert "Make them with `seatledger migrate`" in said
    code, said = run(address, "account", "list")
    assert (code, said.count("\n")) == (3, 1)
    assert said.startswith("seatledger: The database does not answer: ")


def test_tables_of_a_newer_version_are_told():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cell', '0999_later', now())"
        )
    assert states(check_migrations) == [("warning", "1 are of a newer version")]


def test_a_server_that_forgets_is_told():
    """The server of the tests is one: it may lose what it wrote with the machine."""
    [finding] = check_server()
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        assert (finding.state is State.ILL) == (cursor.fetchone() == ("off",))


def test_a_table_without_its_wall_is_told():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE licences_pool DISABLE ROW LEVEL SECURITY")
    assert states(check_walls) == [("problem", "the table licences_pool has no row-level security")]


def test_what_waits_too_long_is_told():
    given_worker()
    given_job("todo", "11 minutes")
    assert states(check_jobs) == [("problem", "the oldest job has waited 11 minutes")]


def test_what_is_held_by_the_quiet_does_not_wait_too_long():
    given_worker()
    given_job("todo", "11 minutes")
    become_quiet(at=datetime(2026, 11, 22, tzinfo=UTC), why="a drill")
    assert states(check_jobs) == [("ok", "1 worker(s); the oldest job has waited 0 s")]
    assert (
        "nothing is sent, charged or billed since 2026-11-22 00:00 UTC: a drill" in run_command("doctor")[1]
    )


def test_what_failed_is_told():
    given_worker()
    given_job("failed", "1 hour")
    given_job("failed", "2 days")
    assert states(check_jobs)[1:] == [("warning", "1 failed within a day")]


def test_billing_that_never_ended_is_told():
    assert states(check_billing) == [("warning", "nobody is known who sells")]
    given_vendor()
    assert states(check_billing) == [("warning", "no run has ended yet")]


def test_a_chain_that_was_tampered_with_is_told():
    account = given_account()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE events_event SET actor_label = 'somebody' WHERE account_id = %s", [account.pk])
    assert Event.objects.filter(account=account).exists()
    [(state, words)] = states(check_numbers)
    assert (state, words.startswith(f"{account.serial_number}: event 1: ")) == ("problem", True)


def test_a_mail_server_is_greeted_and_sent_nothing(settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    settings.EMAIL_USE_TLS = False
    with running(server, port):
        assert states(check_mail) == [("warning", f"127.0.0.1, port {port} takes letters without TLS")]
    assert server.letters == []


@pytest.fixture
def certificate(tmp_path) -> tuple[str, str]:
    """Return the files of a certificate that nobody vouches for, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(files[0]), str(files[1])


@contextmanager
def speaking_tls(certificate, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    controller = Controller(MailServer(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def test_a_mail_server_with_tls_is_well(settings, certificate, monkeypatch):
    port = free_port()
    use_server(settings, port)
    settings.EMAIL_USE_TLS = True
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    with speaking_tls(certificate, port):
        assert states(check_mail) == [("ok", f"127.0.0.1, port {port} answers with TLSv1.3")]


def test_a_certificate_that_nobody_vouches_for_is_told(settings, certificate):
    port = free_port()
    use_server(settings, port)
    settings.EMAIL_USE_TLS = True
    with speaking_tls(certificate, port):
        [(state, words)] = states(check_mail)
    assert (state, "certificate verify failed" in words) == ("problem", True)


def test_a_mail_server_that_is_away_is_told(settings):
    port = free_port()
    use_server(settings, port)
    [finding] = check_mail()
    assert (finding.state, "refused" in finding.words) == (State.ILL, True)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_disk_is_asked_before_there_is_a_directory_of_ours(settings, tmp_path):
    settings.SEATLEDGER_STATE = tmp_path / "not" / "yet"
    [finding] = check_disk()
    assert finding.words.endswith(f" GB free at {tmp_path}/not/yet")


@pytest.mark.parametrize(("free", "state"), [(1, "problem"), (5, "warning"), (50, "ok")])
def test_a_full_disk_is_told(monkeypatch, free, state):
    monkeypatch.setattr(
        surroundings, "shutil", SimpleNamespace(disk_usage=lambda _place: Usage(100, 100 - free, free))
    )
    assert [finding.state.value for finding in check_disk()] == [state]


@pytest.mark.parametrize(("ahead", "state"), [(0, "ok"), (10, "warning"), (100, "problem")])
def test_a_clock_that_is_wrong_is_told(monkeypatch, ahead, state):
    now = surroundings.time.time
    monkeypatch.setattr(surroundings, "time", SimpleNamespace(time=lambda: now() + ahead))
    assert [finding.state.value for finding in check_clock()] == [state]
