"""May this address become a source?"""

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates

from crawler.profiles import named
from indexer.errors import KhotinError


def check_certificates(file: str) -> str:
    """The whole path of a file of certificates. Raises KhotinError when it holds none."""
    try:
        found = load_pem_x509_certificates(Path(file).read_bytes())
    except (OSError, ValueError):
        found = []
    if not found:
        raise KhotinError(
            "The file of certificates %(file)s cannot be read. It must hold certificates in PEM form.", file=file
        )
    return str(Path(file).resolve())


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
