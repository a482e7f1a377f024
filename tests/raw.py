"""What is written in the files of a data folder, whatever wrote it?  Read raw, and unpacked wherever it can be."""

import io
import os
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from marisa_trie import Trie

from indexer.store import postgres
from indexer.store.database import FILE_NAME

PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
DEEPEST = 4


def texts(home: Path) -> Iterator[tuple[str, str]]:
    """Every text of every file, with the name of the file."""
    for path in sorted(home.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(home))
            yield from ((name, read_as) for data in unpacked(path.read_bytes(), 0) for read_as in readings(data))
            if path.suffix == ".trie":
                yield name, "\n".join(Trie().load(str(path)).keys())
            if path.name.endswith(".db"):
                yield from ((name, value) for value in values(path))
    address = os.environ.get("KHOTIN_STORE", "")
    if address:
        yield from ((FILE_NAME, value) for value in values_on_server(address, home))


def readings(data: bytes) -> Iterator[str]:
    """Bytes as what they may be: UTF-8, or what JSON and addresses make of it."""
    text = data.decode("utf-8", "ignore")
    yield text
    if b"\\u" in data:
        yield re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    if b"%" in data:
        yield unquote(text.replace("+", " "))


def unpacked(data: bytes, depth: int) -> Iterator[bytes]:
    """The bytes, and all that unpacks out of them anywhere."""
    yield data
    if depth == DEEPEST:
        return
    at = 0
    while found := PACKED.search(data, at):
        at = found.start() + 1
        if found[0] == b"PK\x03\x04":
            yield from (each for inner in in_zip(data[found.start() :]) for each in unpacked(inner, depth + 1))
            continue
        reader = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            inner = reader.decompress(data[found.start() :], 20_000_000)
        except zlib.error:
            continue
        if len(inner) > 20:
            yield from unpacked(inner, depth + 1)
            at = max(at, len(data) - len(reader.unused_data)) if reader.eof else at


def in_zip(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError):
        return


def values(path: Path) -> Iterator[str]:
    """Every value of every row of a database."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            yield from values_of(row)
    connection.close()


def values_on_server(address: str, home: Path) -> Iterator[str]:
    """Every value of every row, and what the planner remembers of them."""
    engine = postgres.connect(address, home)
    with engine.connect() as connection:
        own = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        for (table,) in connection.exec_driver_sql(own).fetchall():
            columns = f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0"
            types = "AND atttypid = 'json'::regtype"
            as_text = {name for (name,) in connection.exec_driver_sql(f"{columns} {types}").fetchall()}
            wanted = (
                f'"{name}"::text' if name in as_text else f'"{name}"'
                for (name,) in connection.exec_driver_sql(columns).fetchall()
            )
            for row in connection.exec_driver_sql(f'SELECT {", ".join(wanted)} FROM "{table}"'):
                yield from values_of(row)
        samples = "most_common_vals::text, histogram_bounds::text"
        for row in connection.exec_driver_sql(f"SELECT {samples} FROM pg_stats WHERE schemaname = current_schema()"):
            yield from values_of(row)
    engine.dispose()


def values_of(row: Iterable[Any]) -> Iterator[str]:
    for value in row:
        if isinstance(value, bytes):
            yield from (each.decode("utf-8", "ignore") for each in unpacked(value, 0))
        elif isinstance(value, str):
            yield from readings(value.encode("utf-8", "surrogatepass"))


def words(text: str) -> list[str]:
    told = unicodedata.normalize("NFC", unescape(text)).casefold()
    return re.findall(r"\w+", told.replace("\u00ad", "").replace("\u200b", ""))


def runs(text: str) -> set[tuple[str, ...]]:
    """Any five successive words, with tags read as words and left out."""
    found = set()
    for told in (text, re.sub(r"<[^<>]*>", " ", text)) if "<" in text else (text,):
        row = words(told)
        found |= set(zip(*(row[at:] for at in range(5)), strict=False))
    return found
