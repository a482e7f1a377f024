"""Which certificates may a replica show?  Good ones and the usual broken ones, made anew for each run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KINDS = ("good", "self_signed", "missing_intermediate", "expired", "wrong_host")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM: the authority, what stands between it and the site, and the site's key with what it shows."""

    authority: Path
    chain: Path
    shown: Mapping[str, Path]


def make(folder: Path, host: str) -> Certificates:
    """One file for each kind of certificate that a site may show for ``host``."""
    folder.mkdir(parents=True, exist_ok=True)
    root, root_key = signed("Khotin Test Root", None, None, authority=True)
    middle, middle_key = signed("Khotin Test Intermediate", root, root_key, authority=True)
    shown = {}
    for kind in KINDS:
        alone = kind == "self_signed"
        name = "another.host.test" if kind == "wrong_host" else host
        days = -30 if kind == "expired" else 30
        leaf, key = signed(name, None if alone else middle, None if alone else middle_key, days=days)
        more = [] if kind in ("missing_intermediate", "self_signed") else [middle]
        shown[kind] = folder / f"{kind}.pem"
        shown[kind].write_bytes(pem(key) + b"".join(map(written, [leaf, *more])))
    authority, chain = folder / "authority.pem", folder / "chain.pem"
    authority.write_bytes(written(root))
    chain.write_bytes(written(middle) + written(root))
    return Certificates(authority, chain, shown)


def signed(
    name: str,
    by: x509.Certificate | None,
    by_key: ec.EllipticCurvePrivateKey | None,
    *,
    authority: bool = False,
    days: int = 30,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate for a name, by an authority or by itself, and its key; with ``days`` below 0 it ran out."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return made.sign(by_key or key, hashes.SHA256()), key


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def written(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
