"""How does a letter leave the house?  By one mail server; the only file that speaks to it."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal
from urllib.parse import urlsplit

from indexer import clock
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.speech import say
from web.letters import Written
from web.plain import line

Fate = Literal["taken", "refused", "later"]


def can_send(settings: Settings) -> bool:
    """Whether letters can leave, with links that lead here: the address is never taken from a request."""
    return bool(settings.smtp_host and settings.mail_from and urlsplit(settings.site_address).hostname)


def our_host(settings: Settings) -> str:
    return urlsplit(settings.site_address).hostname or "localhost"


def message(written: Written, settings: Settings, name: str) -> EmailMessage:
    """The letter as a mail; ``name`` stays the same when it is sent again, so that programs drop the second one."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(say("Khotin", written.language), addr_spec=parseaddr(settings.mail_from)[1])
    made["To"] = Address(addr_spec=written.to)
    made["Subject"] = line(written.subject, 150)
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = f"<{name}@{our_host(settings)}>"
    made["Content-Language"] = written.language
    made["Auto-Submitted"] = "auto-generated"
    if written.unsubscribe:  # RFC 8058: one click, without a page to read
        made["List-Unsubscribe"] = f"<{written.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(written.text, cte="quoted-printable")
    return made


@contextmanager
def post_office(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server. Raises KhotinError when there is none."""
    try:
        server = connected(settings)
    except (OSError, smtplib.SMTPException) as problem:
        told = type(problem).__name__ if isinstance(problem, smtplib.SMTPException) else str(problem)
        raise KhotinError(
            "The mail server cannot be used (%(problem)s). Check the settings that begin with smtp_; "
            "the e-mails wait meanwhile.",
            problem=told,
        ) from problem
    try:
        yield server
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def connected(settings: Settings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    place = (settings.smtp_host, settings.smtp_port, our_host(settings))
    if settings.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=settings.timeout_seconds, context=secure)
    else:
        server = smtplib.SMTP(*place, timeout=settings.timeout_seconds)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=secure)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def send(server: smtplib.SMTP, mail: EmailMessage, settings: Settings, to: str) -> tuple[Fate, str]:
    """What became of a mail, and what the server said.

    Only a lasting refusal (5xx) of this address or mail is held against the address.
    Raises OSError or SMTPServerDisconnected when the server has gone.
    """
    try:
        server.send_message(mail, parseaddr(settings.mail_from)[1], [to])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        return fate(code), told(code, said)
    except smtplib.SMTPSenderRefused as refusal:
        return "later", told(refusal.smtp_code, refusal.smtp_error)
    except smtplib.SMTPDataError as refusal:
        return fate(refusal.smtp_code), told(refusal.smtp_code, refusal.smtp_error)
    return "taken", ""


def fate(code: int) -> Fate:
    return "refused" if 500 <= code < 600 else "later"


def told(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {line(words, 200)}"
