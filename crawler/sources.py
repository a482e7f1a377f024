"""May this address become a source?"""

from urllib.parse import urlsplit

from crawler.profiles import named
from indexer.errors import KhotinError


def check_new(address: str, profile: str = "") -> str:
    """The host's name of an address to crawl. Raises KhotinError when the address or the profile is none."""
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_fine = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        raise KhotinError(
            "“%(address)s” is no web address. Write it whole, as in https://soxd.example.gov.vn/", address=address
        )
    if profile:
        named(profile)
    return parts.hostname
