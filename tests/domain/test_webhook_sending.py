"""What leaves this machine: where it may go, how long it may take, and what is taken of the answer."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from receiving import receiver
from seatledger.domain.notifications.webhooks import sending
from seatledger.domain.notifications.webhooks.addresses import NotPublic, find_addresses, is_public
from seatledger.domain.notifications.webhooks.sending import send

BODY = b'{"type":"webhook.test"}'


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.5",  # noqa: S104 -- not listened on
        "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.0.0.8",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.5", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::808:808", "64:ff9b::a00:5",
        "64:ff9b:1::a00:5", "100::1", "2001::1", "2001:db8::1", "2001:10::1", "2002:a00:5::1", "2002:808:808::1",
        "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_not_called(address):
    assert is_public(ip_address(address)) is False
    with pytest.raises(NotPublic):
        find_addresses(address, loopback=False, patience_s=5)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:830::200e"]
)
def test_public_addresses_are(address):
    assert find_addresses(address, loopback=False, patience_s=5) == [address]


def test_a_demo_reaches_its_own_machine_and_nothing_else_that_is_private():
    assert find_addresses("127.0.0.1", loopback=True, patience_s=5) == ["127.0.0.1"]
    assert find_addresses("::1", loopback=True, patience_s=5) == ["::1"]
    for address in ("10.0.0.5", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"):  # noqa: S104 -- not listened on
        with pytest.raises(NotPublic):
            find_addresses(address, loopback=True, patience_s=5)
    with pytest.raises(NotPublic):
        find_addresses("localhost", loopback=False, patience_s=5)


def test_a_private_address_is_refused_as_it_is_connected_to_and_stays_untold():
    with receiver() as ours:
        answer = send(ours.url, BODY, {}, loopback=False)
        assert ours.received == []
    assert answer.status is None
    assert answer.problem == "The host has an address that is not of the public internet."


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(monkeypatch):
    """Whoever answers the second question with another address is not asked it."""
    asked = []
    real = socket.getaddrinfo

    def answers(host, *rest, **more):
        asked.append(host)
        return real(
            "127.0.0.1" if len(asked) == 1 or host != "rebinding.example" else "127.0.0.2", *rest, **more
        )

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with receiver() as ours:
        url = ours.url.replace("127.0.0.1", "rebinding.example")
        answer = send(url, BODY, {}, loopback=True)
        assert (answer.status, asked.count("rebinding.example")) == (204, 1)
        [received] = ours.received
    assert received.headers["host"].startswith("rebinding.example:")


def test_one_private_address_among_public_ones_refuses_the_host(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("8.8.8.8", "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotPublic):
        find_addresses("both.example", loopback=False, patience_s=5)


def test_a_name_that_nobody_answers_for_is_not_waited_for(monkeypatch):
    let_go, answered = threading.Event(), []

    def answer_late(*_, **__):
        let_go.wait(60)
        answered.append("late")
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer_late)
    with pytest.raises(TimeoutError):
        find_addresses("silent.example", loopback=False, patience_s=0.2)
    assert answered == []
    let_go.set()


def test_redirects_are_answers_and_proxies_of_the_environment_are_ignored(monkeypatch):
    with receiver() as elsewhere, receiver() as ours:
        ours.status, ours.headers = 302, {"Location": elsewhere.url}
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, elsewhere.url)
        answer = send(ours.url + "?a=b", BODY, {"webhook-id": "msg_1"}, loopback=True)
        assert elsewhere.received == []
        [received] = ours.received
    assert (answer.status, answer.succeeded) == (302, False)
    assert (received.path, received.headers["webhook-id"], received.body) == ("/hooks?a=b", "msg_1", BODY)


# A tenth of a second each: altogether much longer than anybody waits, however slow the machine is.
DRIPS = 600


def test_nobody_is_waited_for_longer_than_the_whole_time_not_even_who_drips(monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_S", 1.0)

    def drip_headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(DRIPS):
            handler.wfile.write(f"X-{number}: ".encode())
            handler.wfile.flush()
            time.sleep(0.1)

    def drip_body(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(DRIPS):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    def say_nothing(_handler):
        time.sleep(DRIPS / 10)

    with receiver() as ours:
        for behave in (drip_headers, say_nothing):
            ours.behave = behave
            answer = send(ours.url, BODY, {}, loopback=True)
            assert answer.problem == "There was no answer within 15 seconds."
            assert 900 < answer.took_ms < 100 * DRIPS / 2
        ours.behave = drip_body  # the status is the answer, and it came in time
        answer = send(ours.url, BODY, {}, loopback=True)
        assert (answer.status, answer.succeeded, set(answer.body)) == (200, True, {"x"})
        assert 900 < answer.took_ms < 100 * DRIPS / 2


def test_of_a_long_answer_the_beginning_is_read():
    sent = []

    def pour(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while len(sent) < 10_000:
            handler.wfile.write(b"y" * 10_000)
            sent.append(1)

    with receiver() as ours:
        ours.behave = pour
        answer = send(ours.url, BODY, {}, loopback=True)
        assert answer.body == "y" * 2048
        time.sleep(0.2)
        assert len(sent) < 2_000, "the rest is not fetched"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-5", 0), ("9" * 9, 0), ("", 0)],
)
def test_a_receiver_with_too_much_to_do_may_ask_for_time(said, seconds):
    with receiver() as ours:
        ours.status, ours.headers = 429, {"Retry-After": said}
        assert send(ours.url, BODY, {}, loopback=True).retry_after_s == seconds


def test_what_is_no_answer_is_a_problem_in_words():
    def babble(handler):
        handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")

    with receiver() as ours:
        ours.behave = babble
        answer = send(ours.url, BODY, {}, loopback=True)
    assert answer.status is None
    assert "\x00" not in answer.problem
    refused = send(ours.url, BODY, {}, loopback=True)  # nobody listens there any more
    assert "refused" in refused.problem


# TLS


def certificate_for(names: list[x509.GeneralName], folder) -> tuple[ssl.SSLContext, str]:
    """Return a server's side of TLS with a certificate of an authority of its own, and the file of that authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, str(certificate)


def test_a_certificate_is_checked_against_the_hosts_name_and_not_the_address(tmp_path, monkeypatch):
    context, authority = certificate_for([x509.DNSName("hooks.example")], tmp_path)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: real("127.0.0.1", *rest, **more))
    with receiver(tls=context) as ours:
        right = ours.url.replace("127.0.0.1", "hooks.example")
        wrong = ours.url.replace("127.0.0.1", "other.example")
        unknown = send(right, BODY, {}, loopback=True)
        assert "certificate verify failed" in unknown.problem  # by an authority that nobody knows
        monkeypatch.setenv("SSL_CERT_FILE", authority)
        assert send(right, BODY, {}, loopback=True).status == 204
        answer = send(wrong, BODY, {}, loopback=True)
        assert answer.status is None
        assert "other.example" in answer.problem
        assert len(ours.received) == 1


def test_plain_words_on_a_port_for_tls_are_a_problem():
    with receiver() as ours:
        answer = send(ours.url.replace("http://", "https://"), BODY, {}, loopback=True)
    assert answer.status is None
    assert answer.problem
