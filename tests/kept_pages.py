"""An archive with fetched pages and without a crawl: the records are real, only nobody asked for them."""

from datetime import UTC, datetime

from indexer.article import Article
from indexer.store import Store, captures, rounds, warc
from indexer.store.captures import Capture
from tests.conftest import Archive

SITE = "http://soxd.replica.test"
THEN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def page(number: int, text: str = "") -> warc.Captured:
    body = f"<h1>Trang {number}</h1><p>{text or 'Cát, đá, xi măng.'}</p>".encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return warc.Captured(f"{SITE}/{number}", THEN, "HTTP/1.1 200 OK", headers, body)


def fetched(store: Store, source_id: int, count: int, first: int = 1) -> None:
    """One ended round that brought so many pages."""
    with store.write() as connection:
        opened = rounds.begin(connection, source_id)
    for number in range(first, first + count):
        place = warc.append(captures.path_of(store, opened.id), page(number))
        with store.write() as connection:
            captures.add(connection, source_id, opened.id, page(number), place)
    with store.write() as connection:
        rounds.close(connection, opened.id, "done", {})


def filled(archive: Archive, count: int = 3) -> None:
    """Some pages, and the articles that were read from them."""
    fetched(archive.store, archive.source.id, count)
    articles = (Article(f"{SITE}/{n}", title=f"Giá cát tháng {n}", body="Cát xây dựng ven sông.") for n in range(1, 4))
    archive.put(*articles)


def records(store: Store) -> list[Capture]:
    return list(captures.every(store, 1))


def scratch(store: Store, capture: Capture) -> None:
    """Turn one byte in the middle of a record over."""
    with (store.warc / capture.warc_file).open("r+b") as file:
        file.seek(capture.warc_offset + capture.warc_length // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 0xFF]))
