"""HTTP: who asks, which key, what was answered before, and what goes wrong on purpose."""

import base64
import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from stripe_server.books import Books, Object
from stripe_server.control import control
from stripe_server.deliveries import Deliveries
from stripe_server.faults import Fault, our_failure, refuse_before, take_fault
from stripe_server.forms import read_form
from stripe_server.pages import answer_page
from stripe_server.problems import Problem
from stripe_server.routes import find_route, perform

KEYS = ("sk_test_", "rk_test_", "sk_live_", "rk_live_")
REMEMBERED_S = 24 * 3600


@dataclass
class Remembered:
    """The answer to a key: `status` 0 while the first request goes on."""

    path: str
    given: str
    request_id: str
    at: int
    status: int = 0
    body: Object = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.books = Books()
        self.books.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.deliveries = Deliveries(self.books)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when whoever asked has gone, which is what many tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together; in two parts, the second would wait for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 -- the name of the base class
        """Keep quiet; the books hold every request."""

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def answer(self) -> None:
        parts = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if parts.path.startswith("/_control/"):
            said = json.loads(text or "{}")
            answered = control(
                self.server.books, self.server.deliveries, parts.path.removeprefix("/_control/"), said
            )
            self.send(200, answered)
        elif parts.path.startswith("/v1/"):
            with self.server.books.one_at_work():
                self.answer_api(parts.path, text if self.command != "GET" else parts.query)
        else:
            self.send_page(*answer_page(self.server.books, parts.path, text, self.command))
        self.server.deliveries.wake()

    def answer_api(self, path: str, text: str) -> None:
        books = self.server.books
        with books.lock:
            request_id = books.new_id("req")
            fault = take_fault(books, self.command, path)
            self.note(path, request_id)
        if fault.kind == "drop_before":
            self.drop()
            return
        key = self.headers.get("Idempotency-Key") if self.command == "POST" else None
        headers = {"Request-Id": request_id, "Stripe-Version": self.headers.get("Stripe-Version", "")}
        status, body = self.perform_once(path, text, key, fault, headers)
        time.sleep(books.latency_s / 2)
        if fault.kind == "delay_after":
            books.let_go.wait(fault.seconds)
        if fault.kind == "drop_after":
            self.drop()
            return
        self.send(status, body, headers)

    def note(self, path: str, request_id: str) -> None:
        self.server.books.requests.append(
            {
                "id": request_id,
                "method": self.command,
                "path": path,
                "key": self.headers.get("Idempotency-Key"),
                "version": self.headers.get("Stripe-Version"),
                "telemetry": self.headers.get("X-Stripe-Client-Telemetry"),
                "at": time.time(),
            }
        )
        self.server.books.asked.notify_all()

    def perform_once(
        self, path: str, text: str, key: str | None, fault: Fault, headers: dict[str, str]
    ) -> tuple[int, Object]:
        """Return the answer to a request, which is the first one's for a key that was used before."""
        books = self.server.books
        try:
            with books.lock:
                self.check_key()
                refuse_before_begun(fault)
                if key:
                    headers["Idempotency-Key"] = key
                    earlier = recall(books, key, path, text)
                    if earlier:
                        headers |= {"Idempotent-Replayed": "true", "Original-Request": earlier.request_id}
                        return earlier.status, earlier.body
                    books.remembered[key] = Remembered(path, text, headers["Request-Id"], books.now())
        except Problem as problem:
            return problem.status, problem.body
        status, body, kept = self.perform(path, text, key, fault)
        if key:
            with books.lock:
                if kept and key in books.remembered:
                    books.remembered[key].body = body
                    books.remembered[key].status = status
                else:
                    books.remembered.pop(key, None)
        return status, body

    def perform(self, path: str, text: str, key: str | None, fault: Fault) -> tuple[int, Object, bool]:
        """Return status and body, and whether they are remembered."""
        books = self.server.books
        if fault.kind == "delay_before":
            books.let_go.wait(fault.seconds)  # the key is busy meanwhile
        time.sleep(books.latency_s / 2)
        with books.lock:
            before = len(books.events)
            try:
                if fault.kind == "error_before":
                    raise our_failure()
                found, name = find_route(self.command, path)
                given = found.parameters.check(read_form(text))
                body = perform(books, found, name, given, path)
                if fault.kind == "error_after":
                    raise our_failure()
            except Problem as problem:
                return problem.status, problem.body, problem.remembered
            finally:
                for event in books.events[before:]:
                    event["request"] = {"id": None, "idempotency_key": key}
                self.sign_effects(key)
            return 200, json.loads(json.dumps(body)), True

    def sign_effects(self, key: str | None) -> None:
        """Note which key brought about what is new, for the books."""
        for one in self.server.books.objects.values():
            if one["object"] in {"charge", "refund"}:
                self.server.books.behind.setdefault(one["id"], {}).setdefault("key", key)

    def check_key(self) -> None:
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            given = base64.b64decode(given).decode().partition(":")[0]
        if not given:
            raise Problem(401, "invalid_request_error", "You did not provide an API key.", remembered=False)
        if not given.startswith(KEYS):
            raise Problem(401, "invalid_request_error", "Invalid API Key provided.", remembered=False)

    def send(self, status: int, body: Object, headers: dict[str, str] | None = None) -> None:
        self.send_bytes(
            status, json.dumps(body).encode(), {"Content-Type": "application/json"} | (headers or {})
        )

    def send_page(self, status: int, page: str, headers: dict[str, str]) -> None:
        self.send_bytes(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"} | headers)

    def send_bytes(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drop(self) -> None:
        """Close the connection without a word."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def refuse_before_begun(fault: Fault) -> None:
    if fault.kind != "error_before":  # that one is remembered, so it is raised where answers are
        refuse_before(fault)


def recall(books: Books, key: str, path: str, text: str) -> Remembered | None:
    """Return the answer to a key, None for a new one. Raises a Problem when it is busy or was used for something else."""
    earlier = books.remembered.get(key)
    if earlier is None or books.now() - earlier.at >= REMEMBERED_S:
        return None
    if earlier.path != path:
        raise Problem(
            400,
            "idempotency_error",
            "Keys for idempotent requests can only be used for the same endpoint they were first used for"
            f" ('{earlier.path}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a different"
            " request.",
            remembered=False,
        )
    if read_form(earlier.given) != read_form(text):
        raise Problem(
            400,
            "idempotency_error",
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try"
            f" using a key other than '{key}' if you meant to execute a different request.",
            remembered=False,
        )
    if earlier.status == 0:
        raise Problem(
            409,
            "idempotency_error",
            f"There is currently another in-progress request using this Idempotent Key: {key}",
            remembered=False,
            code="idempotency_key_in_use",
        )
    return earlier
