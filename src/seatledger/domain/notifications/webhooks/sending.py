"""Send one webhook over HTTP, to an address that was looked at, within a time that nobody can stretch.

urllib3 connects to the very address that was found public, and checks the certificate against the host's name; it knows
no proxies here, follows no redirects and tries nothing again.
"""

import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from threading import Event, Timer
from time import monotonic
from urllib.parse import urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from seatledger.domain.notifications.webhooks.addresses import NotPublic, find_addresses
from seatledger.domain.notifications.webhooks.schedule import CONNECT_S, MOST_ANSWER, WHOLE_S

_LONGEST_PROBLEM = 200
_TOO_LONG = f"There was no answer within {WHOLE_S:.0f} seconds."
# What goes wrong outside, as those say it who meet it: sockets and TLS, urllib3, the standard library below it.
_FAILURES = (OSError, HTTPError, HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came of one attempt: a status with the beginning of the body, or the problem that there was none."""

    took_ms: int
    status: int | None = None
    body: str = ""
    problem: str = ""
    retry_after_s: int = 0

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class TookTooLong(OSError):
    """The time for the whole attempt is over."""


def send(url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool) -> Answer:
    """POST `body` to `url`, and return what came of it, at the latest after `WHOLE_S` seconds.

    `loopback` allows an address of this machine. Whatever goes wrong outside is an answer, too.
    """
    began = monotonic()
    try:
        status, text, retry_after_s = _ask(url, body, headers, loopback=loopback, until=began + WHOLE_S)
    except (*_FAILURES, ValueError) as error:
        return Answer(_ms_since(began), problem=_in_words(error))
    return Answer(_ms_since(began), status, text, retry_after_s=retry_after_s)


def _ask(
    url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool, until: float
) -> tuple[int, str, int]:
    connection = _connect(url, loopback=loopback)
    try:
        with _shut_at(until, connection) as is_over:
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "POST",
                target,
                body,
                {"Host": parts.netloc, **headers},
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            if is_over():  # headers that were cut off look like headers that end
                raise TookTooLong(_TOO_LONG)
            return response.status, _beginning_of(response), _retry_after_of(response)
    finally:
        connection.close()


def _connect(url: str, *, loopback: bool) -> HTTPConnection:
    """Return a connection to the first address of the host that takes it, within `CONNECT_S` for all of them."""
    parts = urlsplit(url)
    host, until = parts.hostname or "", monotonic() + CONNECT_S
    failed: Exception = NotPublic("The host has no address.")
    for address in find_addresses(host, loopback=loopback, patience_s=CONNECT_S):
        left = until - monotonic()
        if left <= 0:
            break
        if parts.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(
                address,
                parts.port or 443,
                timeout=left,
                server_hostname=host,
                assert_hostname=host,
                ssl_context=_trust(os.environ.get("SSL_CERT_FILE")),
            )
        else:
            connection = HTTPConnection(address, parts.port or 80, timeout=left)
        try:
            connection.connect()
        except _FAILURES as error:
            connection.close()
            failed = error
            if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
                break  # another address of the same host has no better certificate
        else:
            connection.timeout = WHOLE_S
            return connection
    raise failed


@lru_cache(maxsize=2)
def _trust(_file_of_system: str | None) -> ssl.SSLContext:
    """Return whom we trust: the authorities of this system, or of `SSL_CERT_FILE`, and those that come along."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@contextmanager
def _shut_at(until: float, connection: HTTPConnection) -> Iterator[Callable[[], bool]]:
    """Shut the connection at an instant, whatever it does: a time limit of each read never ends for one who drips."""
    over = Event()
    wire = connection.sock

    def shut() -> None:
        over.set()
        with suppress(OSError):
            # Of the socket below TLS, which must not be taken apart while another thread reads.
            socket.socket.shutdown(wire, socket.SHUT_RDWR)

    timer = Timer(max(0.0, until - monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    except _FAILURES as error:
        if over.is_set():
            raise TookTooLong(_TOO_LONG) from error
        raise
    finally:
        timer.cancel()


def _beginning_of(response: BaseHTTPResponse) -> str:
    """Return how the body begins, as far as it comes: the status is the answer, and it is there."""
    read = b""
    with suppress(*_FAILURES):
        while len(read) < MOST_ANSWER and (more := response.read1(MOST_ANSWER - len(read))):
            read += more
    return read.decode("utf-8", errors="replace").replace("\x00", "\ufffd")


def _retry_after_of(response: BaseHTTPResponse) -> int:
    """Return the seconds that a receiver who has too much to do asks for; a date is not understood."""
    said = response.headers.get("Retry-After", "")
    return (
        int(said)
        if response.status in {429, 503} and said.isascii() and said.isdecimal() and len(said) < 7
        else 0
    )


def _in_words(error: Exception) -> str:
    if isinstance(error, NotPublic | TookTooLong):
        return str(error)
    if isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError):
        return f"The receiver could not be reached within {CONNECT_S:.0f} seconds."
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:_LONGEST_PROBLEM]


def _ms_since(began: float) -> int:
    return round((monotonic() - began) * 1000)
