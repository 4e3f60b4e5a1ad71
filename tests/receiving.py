"""A receiver of webhooks: a small HTTP server of our own, which keeps what it is sent and answers as it is told."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One request: its address, its headers in small letters, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def verified_by(self, secret: str) -> dict[str, Any]:
        """Return what it says, once the signature is found right, as a receiver does it."""
        return dict(Webhook(secret).verify(self.body, self.headers))


@dataclass
class Receiver:
    """What a receiver was sent, and what it answers. `behave` may do something else with the open connection."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    behave: Callable[[BaseHTTPRequestHandler], None] | None = None
    received: list[Received] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # However many connect at one moment.
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who hang up."""


@contextmanager
def receiver(*, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Receiver]:
    """Run a receiver at `http://127.0.0.1`, or `https://` with `tls`, for as long as the block lasts."""
    ours = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            names = {name.lower(): value for name, value in self.headers.items()}
            ours.received.append(Received(self.path, names, body))
            if ours.behave is not None:
                ours.behave(self)
                return
            self.send_response(ours.status)
            for name, value in ours.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(ours.body)))
            self.end_headers()
            self.wfile.write(ours.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Server(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    ours.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}/hooks"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ours
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
