"""A real SMTP server on this machine that keeps what arrives, and can be made to misbehave."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller

from tests import servers


class Post:
    """Handler and letters: `refused` recipients get the code that stands there; `hold` seconds before an
    answer to the words; `hang_up`: no answer, the connection ends.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        self.hold = 0.0
        self.hang_up = False
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(letter, EmailMessage)
        letter["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        self.letters.append(letter)
        await asyncio.sleep(self.hold)
        if self.hang_up:
            server.transport.close()
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.letters if each["X-Envelope-To"] == address]

    def times(self) -> Counter[str]:
        """How often each email arrived, by its Message-ID."""
        return Counter(each["Message-ID"] for each in self.letters)


@contextmanager
def post_office(port: int = 0, **options: Any) -> Iterator[Post]:
    """The server while inside; on a port of its own unless one is given."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=port or servers.free_port(), **options)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())
