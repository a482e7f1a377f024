"""A mail server on loopback that keeps what it is given, and a site that may send to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from indexer.settings import Settings
from tests.servers.ports import free_port

SITE = "https://kho.example.org"


class Sink:
    """Takes every letter, but for addresses that it was told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        assert [str(made["To"])] == envelope.rcpt_tos
        self.mails.append(made)
        return "250 OK"

    def texts(self) -> list[str]:
        return [str(each.get_content()).replace("\r\n", "\n") for each in self.mails]


@contextmanager
def mail_server() -> Iterator[Sink]:
    sink = Sink()
    sink.port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def mailing(home: Path, port: int, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "home": home, "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "mail_from": "kho@example.org",
        "site_address": SITE, "sign_up": "open",
    }  # fmt: skip
    return Settings(**(given | more))
