"""What does the store know of articles by which they are narrowed, though the index does not hold it?"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, select

from indexer.store.addresses import REDIRECTS
from indexer.store.tables import addresses, file_links, sources

# The kinds of attached files, by how their names end; anything else is "other".
ENDINGS = {
    "pdf": ("pdf",),
    "word": ("doc", "docx", "odt", "rtf"),
    "excel": ("xls", "xlsx", "ods", "csv"),
    "slides": ("ppt", "pptx", "odp"),
    "image": ("jpg", "jpeg", "png", "gif", "tif", "tiff", "bmp", "webp"),
    "archive": ("zip", "rar", "7z"),
}
KIND_OF = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}


class Facts(NamedTuple):
    """Numbers of articles by the kind of their files, those of moved articles, and the names of sources that are no
    longer watched."""

    files: dict[str, set[int]]
    moved: set[int]
    closed: set[str]


def facts(connection: Connection) -> Facts:
    files: dict[str, set[int]] = {}
    for number, kind in kinds_of_files(connection):
        files.setdefault(kind, set()).add(number)
    redirected = select(addresses.c.article_id).where(
        addresses.c.status.in_(REDIRECTS), addresses.c.article_id.is_not(None)
    )
    closed = select(sources.c.name).where(sources.c.removed_at.is_not(None))
    return Facts(files, set(connection.execute(redirected).scalars()), set(connection.execute(closed).scalars()))


def kinds_of_files(connection: Connection) -> Iterator[tuple[int, str]]:
    for row in connection.execute(select(file_links.c.article_id, file_links.c.address)):
        yield row.article_id, kind_of(row.address)


def kind_of(address: str) -> str:
    """The kind of a file by its address: by the end of its path, or of what it asks for (`?file=a.pdf`)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "other"
    for written in (parts.path, parts.query):
        ending = PurePosixPath(unquote(written)).suffix.removeprefix(".").lower()
        if ending in KIND_OF:
            return KIND_OF[ending]
    return "other"
