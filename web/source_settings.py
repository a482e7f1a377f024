"""What did an admin type about a source?  Values as the store keeps them, and what is wrong, by field (pure)."""

import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from indexer.store.sources import Source
from web.visitor import translate

PROFILES = (  # a test keeps them those that the crawler knows
    "drupal",
    "nukeviet",
    "vnpt",
    "sharepoint-td",
    "sharepoint-moc",
    "sharepoint",
    "liferay",
    "dnn",
    "joomla",
    "wordpress",
    "generic",
)
# The name is also a word of the command line.
NAME = re.compile(r"\w[\w .-]{0,79}")
HOST = re.compile(r"(?=.{1,253}$)[\w-]{1,63}(\.[\w-]{1,63})*(:\d{1,5})?")
LONGEST_DELAY = 3600.0
MOST_PAGES = 1_000_000
MOST_HOSTS = 20
LONGEST_LINES = 64_000  # characters of a profile's own lines
FLAGS = ("allow_private", "legacy_tls", "keep_images")
# What of a source can be told before it is one.
KEPT = (
    "address", "profile", "overrides", "delay_seconds", "allow_private", "hosts", "ca_file", "keep_images",
    "legacy_tls", "max_pages",
)  # fmt: skip


def read_settings(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a source as typed; and what is wrong, by field."""
    values: dict[str, Any] = {name: typed.get(name) == "1" for name in FLAGS}
    mistakes: dict[str, str] = {}
    values["address"] = typed.get("address", "").strip()
    if not is_web_address(values["address"]):
        mistakes["address"] = translate("Write the whole web address, as in https://soxd.example.gov.vn/")
    values["profile"] = typed.get("profile", "")
    if values["profile"] not in ("", *PROFILES):
        mistakes["profile"] = translate("Choose one of the profiles.")
    try:
        values["delay_seconds"] = read_delay(typed.get("delay_seconds", ""))
    except ValueError:
        mistakes["delay_seconds"] = translate("Write a number of seconds from 0 to 3600, or leave it empty.")
    try:
        values["max_pages"] = read_count(typed.get("max_pages", ""))
    except ValueError:
        mistakes["max_pages"] = translate("Write a whole number from 1, or leave it empty.")
    hosts, wrong = read_hosts(typed.get("hosts", ""))
    values["hosts"] = " ".join(hosts)
    if wrong:
        mistakes["hosts"] = translate(
            "“%(host)s” is no host name. Write one a line, as in soxd.example.gov.vn", host=wrong
        )
    return values, mistakes


def is_web_address(address: str) -> bool:
    """A whole address; one with a password in it would show that to whoever sees the source."""
    try:
        parts = urlsplit(address)
        fine = (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:
        return False
    return fine and parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)


def read_delay(written: str) -> float | None:
    """Seconds as written with point or comma; None for the site's own. Raises ValueError."""
    if not written.strip():
        return None
    delay = float(written.strip().replace(",", "."))
    if not math.isfinite(delay) or not 0 <= delay <= LONGEST_DELAY:
        raise ValueError(written)
    return delay


def read_count(written: str) -> int | None:
    """A number of pages as written in either language; None for as many as the settings say. Raises ValueError."""
    plain = re.sub(r"[\s.,]", "", written)
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", plain) or not 1 <= int(plain) <= MOST_PAGES:
        raise ValueError(written)
    return int(plain)


def read_hosts(written: str) -> tuple[list[str], str]:
    """Host names, a line or a blank apart, each once; and the first word that is none. Whole addresses are read too."""
    words = written.replace(",", " ").split()[:MOST_HOSTS]
    try:
        hosts = [urlsplit(word).netloc.lower() if "//" in word else word.lower().rstrip("/") for word in words]
    except ValueError:
        return [], written[:80]
    wrong = next((word for word, host in zip(words, hosts, strict=True) if not HOST.fullmatch(host)), "")
    return list(dict.fromkeys(hosts)), wrong[:80]


def as_typed(source: Source) -> dict[str, str]:
    return typed_of({name: getattr(source, name) for name in KEPT})


def typed_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as they would have been typed."""
    delay, most = settings.get("delay_seconds"), settings.get("max_pages")
    flags = {name: "1" if settings.get(name) else "" for name in FLAGS}
    return flags | {
        "address": settings.get("address", ""),
        "profile": settings.get("profile", ""),
        "hosts": "\n".join(settings.get("hosts", "").split()),
        "delay_seconds": "" if delay is None else f"{delay:g}",
        "max_pages": "" if most is None else str(most),
        "ca_file": settings.get("ca_file", ""),
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
