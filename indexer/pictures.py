"""May this picture be shown to everybody?  A small PNG, written again with nothing but the picture in it (pure)."""

import struct
import zlib
from collections.abc import Iterator

from indexer.errors import KhotinError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What draws the picture; texts, places and whatever else a program wrote into it stay behind.
DRAWING = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
LARGEST_BYTES, LARGEST_SIDE = 200_000, 1_024
NO_PNG = "This is no whole PNG picture. Save the logo as PNG and choose it again."


def harmless(given: bytes) -> bytes:
    """The same picture with what draws it alone.  Raises KhotinError for anything else, and for what is too large."""
    if len(given) > LARGEST_BYTES:
        raise KhotinError("The logo is too large: at most %(most)s kB are taken.", most=LARGEST_BYTES // 1000)
    chunks = list(parts(given))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise KhotinError(NO_PNG)
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not 0 < max(width, height) <= LARGEST_SIDE or not min(width, height):
        raise KhotinError("The logo is too large: at most %(most)s pixels wide and high are taken.", most=LARGEST_SIDE)
    return SIGNATURE + b"".join(written(*each) for each in chunks if each[0] in DRAWING)


def parts(given: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kinds and contents of the parts of a PNG, up to its end."""
    if not given.startswith(SIGNATURE):
        raise KhotinError(NO_PNG)
    at = len(SIGNATURE)
    while at < len(given):
        size = int.from_bytes(given[at : at + 4], "big")
        kind, held, check = given[at + 4 : at + 8], given[at + 8 : at + 8 + size], given[at + 8 + size : at + 12 + size]
        if len(check) != 4 or zlib.crc32(kind + held) != int.from_bytes(check, "big"):
            raise KhotinError(NO_PNG)
        yield kind, held
        if kind == b"IEND":
            return
        at += 12 + size


def written(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
