"""A real mail server for tests: it keeps what it takes, and can refuse, be away, or die at the worst moment."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from aiosmtpd.controller import Controller

from delivery import forget_the_jobs


class MailServer:
    """A mail server that keeps what it takes. `refusal` is its answer to each letter, `refused` to each address."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = ""
        self.refused: dict[str, str] = {}
        self.dies_after_data = False

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _server: object, _session: object, envelope: SimpleNamespace, address: str, _options: object
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: object, envelope: SimpleNamespace) -> str:  # noqa: N802 -- the same
        if self.refusal:
            return self.refusal
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type] # the policy decides the class
        if self.dies_after_data:
            server.transport.abort()
        return "250 OK"

    def take_all(self) -> list[EmailMessage]:
        """Return what has come, and forget it."""
        came, self.letters = self.letters, []
        return came


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def running(server: MailServer, port: int) -> Iterator[None]:
    """Let a mail server listen on a port."""
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def use_server(settings: Any, port: int) -> None:
    """Let what is sent go to the server on this port."""
    forget_the_jobs()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None, f"the letter has no {kind} part"
    return str(part.get_content())


def parsed(html: str) -> Element:
    """Return a letter's page as elements, read as a browser reads it."""
    page: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return page
