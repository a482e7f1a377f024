"""Are the settings right, safe, and true of the world around us?"""

import os
import smtplib
import socket
import stat
from collections.abc import Iterator, Mapping
from dataclasses import fields
from ipaddress import ip_address
from urllib.parse import urlsplit

from indexer.doctor.finding import Case, Finding, broken, fine, look, unable
from indexer.settings import FILE_NAME, SECRETS, Settings
from indexer.store import health

# What begins like a setting in the environment and is none.
OTHERS = {"KHOTIN_HOME", "KHOTIN_LANG", "KHOTIN_CLOCK_FILE"}
SMTP_SECONDS = 5.0


def readable(case: Case) -> Iterator[Finding]:
    if case.settings_problem:
        yield unable(case.settings_problem)
    else:
        yield fine("Every setting is known and has a right value.")


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Names in the environment that look like settings; nobody reads them."""
    known = {f"KHOTIN_{each.name.upper()}" for each in fields(Settings)} | OTHERS
    return sorted(name for name in environment if name.startswith("KHOTIN_") and name not in known)


def around(case: Case) -> Iterator[Finding]:
    found = unknown(os.environ)
    if not found:
        yield fine("Nothing in the environment is misspelt.")
    for name in found:
        advice = "docs/settings.md lists the names; take it out of the environment or spell it right."
        yield look("The environment sets %(name)s, which is no setting.", advice, name=name)


def safe(case: Case) -> Iterator[Finding]:
    """Is anything set that lets others in?"""
    settings = need(case)
    found = list(unsafe(case, settings))
    yield from found
    if not found:
        yield fine("Nothing is set that is known to be unsafe.")


def unsafe(case: Case, settings: Settings) -> Iterator[Finding]:
    file = case.home / FILE_NAME
    secrets = any(getattr(settings, name) for name in SECRETS)
    if secrets and file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077 and holds_secret(file.read_text()):
        sentence = "Other users of this machine can read %(file)s, which holds a password."
        yield broken(sentence, "Run: chmod 600 %(file)s", file=file)
    if settings.smtp_password and settings.smtp_tls == "none" and not is_loopback(settings.smtp_host):
        sentence = "The password for the mail server is sent without encryption."
        yield look(sentence, "Set smtp_tls to starttls or tls.")
    if not settings.https_only and (not is_loopback(settings.host) or settings.site_address.startswith("https")):
        sentence = "Session cookies are also sent without encryption."
        yield look(sentence, "Put a proxy with TLS before the site and set https_only = true.")
    if settings.trusted_proxies and not is_loopback(settings.host):
        sentence = "Proxies are trusted, but the site also listens for others than a proxy on this machine."
        advice = "Let only the proxy reach port %(port)s (host = 127.0.0.1, or a firewall): others can name any sender."
        yield look(sentence, advice, port=settings.port)
    if not settings.trusted_proxies and settings.site_address and is_loopback(settings.host):
        sentence = "A proxy seems to stand before the site, but none is trusted: all readers count as one."
        yield look(sentence, "Set trusted_proxies = 1.")


def holds_secret(text: str) -> bool:
    return any(line.strip().startswith(SECRETS) for line in text.splitlines())


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def address(case: Case) -> Iterator[Finding]:
    """Do letters and feeds link to the right place?"""
    settings = need(case)
    parts = urlsplit(settings.site_address)
    example = "Write it as https://tin.soxd.example.gov.vn/ in site_address."
    if settings.site_address and (parts.scheme not in ("http", "https") or not parts.hostname):
        sentence = "site_address is no web address: %(address)s."
        yield broken(sentence, example, address=settings.site_address)
    elif settings.mail_from and not settings.site_address:
        yield look("E-mails are not sent, because site_address is not set.", example)
    elif settings.https_only and parts.scheme == "http":
        yield look("https_only is set, but site_address begins with http:.", example)
    else:
        yield fine("The address of the site is as it should be.")


def mail(case: Case) -> Iterator[Finding]:
    """Does the mail server take us?"""
    settings = need(case)
    if not settings.smtp_host:
        yield fine("No mail server is set; no e-mails are sent.")
        return
    values = {"host": settings.smtp_host, "port": settings.smtp_port}
    try:
        greet(settings)
    except (OSError, smtplib.SMTPException, socket.gaierror) as problem:
        sentence = "The mail server %(host)s:%(port)s does not answer: %(problem)s."
        yield look(
            sentence, "Look at smtp_host, smtp_port and smtp_tls, and at the firewall.", problem=problem, **values
        )
    else:
        yield fine("The mail server %(host)s:%(port)s answers.", **values)


def greet(settings: Settings) -> None:
    kind = smtplib.SMTP_SSL if settings.smtp_tls == "tls" else smtplib.SMTP
    with kind(settings.smtp_host, settings.smtp_port, timeout=SMTP_SECONDS) as server:
        server.noop()


def admins(case: Case) -> Iterator[Finding]:
    with case.opened.read() as connection:
        count = health.count_admins(connection)
    if count:
        yield fine("%(count)s accounts may administer this archive.", count=count)
    else:
        yield look("No account may administer this archive.", "Make one: khotin user add NAME --role admin")


def need(case: Case) -> Settings:
    assert case.settings is not None  # checks that need them are not made without them
    return case.settings
