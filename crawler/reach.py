"""Whom may we connect to, and how long are we asked to wait?  Decisions only; nothing here asks anyone."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address


def is_public(text: str) -> bool:
    """Is this IP address one of the open Internet?  Addresses that wrap another are judged by what they hold."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        held = address.ipv4_mapped or address.sixtofour or translated(address)
        address = held or address
    return address.is_global and not address.is_multicast


def translated(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address behind a translating gateway (64:ff9b::/96)."""
    packed = address.packed
    return IPv4Address(packed[12:]) if packed[:12] == bytes.fromhex("0064ff9b") + bytes(8) else None


def patience(told: str, now: datetime) -> float:
    """The seconds that a Retry-After header asks for; 0 when it says nothing we understand."""
    if told.strip().isdecimal():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except (ValueError, OverflowError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
