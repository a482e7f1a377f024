"""From which network does somebody come, and what is written into the security log of it?"""

from ipaddress import ip_address, ip_network

from flask import request
from sqlalchemy import Connection

from indexer.store import events
from web.shelf import shelf

# So much of an address is kept: a provider's part of a town, no connection's own.
KEPT_BITS = {4: 24, 6: 48}


def network(address: str) -> str:
    """An address as one sender holds it: with IPv6 that is a /64."""
    return shortened(address, {4: 32, 6: 64})


def shortened(address: str, bits: dict[int, int]) -> str:
    try:
        return str(ip_network(f"{address}/{bits[ip_address(address).version]}", strict=False))
    except ValueError:
        return address


def near() -> str:
    """From where this request comes, as it is kept: shortened, or not at all."""
    return shortened(request.remote_addr or "", KEPT_BITS) if shelf().settings.keep_networks else ""


def note(connection: Connection, kind: str, who: str, about: str = "") -> None:
    """Write into the security log what this request did."""
    events.note(connection, kind, who, about, near(), shelf().settings.security_log_days)
