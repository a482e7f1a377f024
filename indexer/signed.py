"""Is this link ours, and still good?  What it says is signed with the archive's own key, for one purpose and a time."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Literal

from itsdangerous import BadSignature, URLSafeSerializer

from indexer import clock
from indexer.errors import KhotinError
from indexer.lasting import sync

Purpose = Literal["confirm", "reset", "invite", "unsubscribe"]

KEY_FILE = "secret.key"
# How long a link works. A letter may wait some days for its reader; what changes a password must not lie about.
# Nobody may ever be kept from unsubscribing.
GOOD_FOR: dict[Purpose, timedelta | None] = {
    "confirm": timedelta(days=7),
    "reset": timedelta(hours=2),
    "invite": timedelta(days=14),
    "unsubscribe": None,
}


def secret_key(home: Path) -> bytes:
    """The key that signs sessions and links, made once for the archive, whichever process comes first."""
    path = home / KEY_FILE
    if not path.exists():
        draft = home / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        sync(home)
    return path.read_bytes()


def sign(home: Path, purpose: Purpose, *said: str) -> str:
    """What a link of ours carries."""
    life = GOOD_FOR[purpose]
    until = int((clock.now() + life).timestamp()) if life else 0
    return str(signer(home, purpose).dumps([until, *said]))


def read(home: Path, purpose: Purpose, token: str) -> list[str]:
    """What the link says. Raises KhotinError when it is not ours, or too old."""
    try:
        until, *said = signer(home, purpose).loads(token)
    except (BadSignature, ValueError, TypeError):
        raise KhotinError("This link is not complete. Copy all of it from the e-mail.") from None
    if until and until < clock.now().timestamp():
        raise KhotinError("This link is too old. Ask for a new one.")
    return [str(each) for each in said]


def signer(home: Path, purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(home), salt=f"link {purpose}")
