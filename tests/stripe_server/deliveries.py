"""Webhooks: signed as Stripe signs them, sent in the background, and on request repeated, reordered or forged."""

import hashlib
import hmac
import json
import threading
import time
from random import Random
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from stripe_server.books import Books, Object

ANSWER_WITHIN_S = 20
FORGERIES = ("unsigned", "wrong_secret", "changed_body", "old", "no_time")


class Deliveries:
    """Sends events to one endpoint. While they are held back, they wait to be released, in any order and number."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.clear()
        self._work = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def clear(self) -> None:
        self.url = ""
        self.secrets: list[str] = []
        self.held = False
        self.repeat = 1
        self.sent: list[Object] = []

    def set_up(self, stated: dict[str, Any]) -> None:
        self.url = stated.get("url", self.url)
        self.secrets = stated.get("secrets", self.secrets)
        self.held = stated.get("held", self.held)
        self.repeat = stated.get("repeat", self.repeat)
        self.wake()

    def wake(self) -> None:
        self._work.set()

    def _run(self) -> None:
        while True:
            self._work.wait()
            self._work.clear()
            if self.url and not self.held:
                self.release({"repeat": self.repeat})

    def release(self, stated: dict[str, Any]) -> list[int]:
        """Send what waits: `order` as_made, reversed or shuffled, each `repeat` times. Returns the answers' statuses."""
        with self.books.lock:
            waiting = self.books.unsent * int(stated.get("repeat", 1))
            self.books.unsent = []
        if stated.get("order") == "reversed":
            waiting.reverse()
        elif stated.get("order") == "shuffled":
            Random(stated.get("seed", 1)).shuffle(waiting)  # noqa: S311 -- no secret depends on it
        return [self.send(event) for event in waiting]

    def send(self, event: Object) -> int:
        body = json.dumps(event, indent=2).encode()
        status = self.post(body, self.signature(body, self.secrets))
        self.sent.append({"id": event["id"], "type": event["type"], "status": status})
        if status >= 300 or status == 0:
            with self.books.lock:
                self.books.unsent.append(event)  # as Stripe would, later
        return status

    def forge(self, stated: dict[str, Any]) -> int:
        """Send an event that nobody should believe. Returns the answer's status."""
        how = stated["how"]
        assert how in FORGERIES, how
        event = {"id": "evt_forged", "object": "event", "type": stated["type"]}
        event["data"] = {"object": {"id": stated["object"]}}
        body = json.dumps(event).encode()
        headers = {
            "unsigned": "",
            "wrong_secret": self.signature(body, ["whsec_of_somebody_else"]),
            "changed_body": self.signature(body + b" ", self.secrets),
            "old": self.signature(body, self.secrets, at=int(time.time()) - 301),
            "no_time": self.signature(body, self.secrets).partition(",")[2],
        }
        return self.post(body, headers[how])

    def signature(self, body: bytes, secrets: list[str], *, at: int | None = None) -> str:
        """Return the header: the time, and one signature for each secret that is good at the moment."""
        at = int(time.time()) if at is None else at
        signed = str(at).encode() + b"." + body
        signatures = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
        return ",".join([f"t={at}", *(f"v1={one}" for one in signatures), "v0=" + "0" * 64])

    def post(self, body: bytes, signature: str) -> int:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (stand-in)"}
        if signature:
            headers["Stripe-Signature"] = signature
        request = Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 -- a test's own address
        try:
            with urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310 -- as above
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code
        except (URLError, OSError):
            return 0
