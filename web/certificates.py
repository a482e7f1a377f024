"""Which certificates did an admin paste?  Read, told in words, and kept as a file of the data folder."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.x509.oid import NameOID

from indexer.store.sources import CERTIFICATES as FOLDER
from web.visitor import translate

LONGEST = 100_000  # characters: a chain of a few has ten thousand
SECRET = "PRIVATE KEY"


class Certificate(NamedTuple):
    """What a certificate says of itself."""

    subject: str
    issuer: str
    until: datetime


def read(pem: str) -> list[Certificate]:
    """The certificates in a text of PEM; none where it holds none, or a private key."""
    if len(pem) > LONGEST or SECRET in pem:
        return []
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
        return [Certificate(name_of(each.subject), name_of(each.issuer), each.not_valid_after_utc) for each in found]
    except ValueError:
        return []


def name_of(name: x509.Name) -> str:
    told = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(told[0].value) if told else name.rfc4514_string()


def keep(home: Path, pem: str) -> str:
    """Write the certificates beside the database; their name within the data folder, the same for the same text."""
    name = f"{FOLDER}/{hashlib.sha256(pem.encode()).hexdigest()[:16]}.pem"
    (home / FOLDER).mkdir(exist_ok=True)
    (home / name).write_text(pem, encoding="utf-8")
    return name


def take(home: Path, typed: Mapping[str, str], before: str) -> tuple[str, dict[str, str]]:
    """The file of what was pasted, else the one before unless that is to go; and what is wrong with what was pasted."""
    pasted = typed.get("certificates", "").strip()
    if not pasted:
        return "" if typed.get("forget_certificates") else before, {}
    if not read(pasted):
        sentence = "Paste certificates in PEM form, from -----BEGIN CERTIFICATE----- on, and never a private key."
        return before, {"certificates": translate(sentence)}
    return keep(home, pasted), {}


def kept(home: Path, name: str) -> list[Certificate]:
    """The certificates of a file that a source names; none where it cannot be read."""
    try:
        return read((home / name).read_text(encoding="utf-8")) if name else []
    except (OSError, UnicodeDecodeError):
        return []
