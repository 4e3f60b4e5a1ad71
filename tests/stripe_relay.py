"""A relay to `localstripe`, which knows an older version of Stripe: it leaves out what that one refuses to hear."""

import http.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

UNHEARD = {"allowed_payment_method_types", "description", "off_session", "return_url"}


class Relay(ThreadingHTTPServer):
    """Sends on what it is asked, to `port`."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = port
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Relay

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 -- the name of the base class
        """Keep quiet."""

    def do_GET(self) -> None:
        self.relay()

    def do_POST(self) -> None:
        self.relay()

    def relay(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        heard = [
            pair
            for pair in parse_qsl(text, keep_blank_values=True)
            if pair[0].partition("[")[0] not in UNHEARD
        ]
        headers = {
            "Authorization": self.headers["Authorization"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        asked = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        asked.request(self.command, self.path, urlencode(heard) if text else None, headers)
        answer = asked.getresponse()
        content = answer.read()
        asked.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
