"""How soon is a new article found while a rebuild runs?  The worker and the site beside `khotin index rebuild`."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer import clock
from indexer.article import Article
from indexer.store import Store, articles, open_store, sources
from tests.bench.processes import Process, end, start
from tests.bench.serving import SEARCH, site, total, wait
from tests.bench.table import Row, tell

TIMES = 5
PAUSE = 0.02  # between two looks
LONGEST = 120.0
# Between two articles: each is news for a worker that has come to rest.
REST = 5.0
SOURCE = "bench"


def measure(home: Path) -> list[Row]:
    """``home`` keeps the few articles that are saved; asked again, they are changed and no more are added."""
    store = open_store(home)
    try:
        with site(home) as (_, port), command(home, "work"):
            wait(port, f"{SEARCH}?q=a")
            time.sleep(REST)
            with command(home, "index", "rebuild") as rebuild:
                time.sleep(REST)
                seconds, running = [], 0
                for number in range(TIMES):
                    running += rebuild.poll() is None
                    seconds.append(until_found(store, port, number))
                    tell(f"found after {seconds[-1]:.2f} s")
                    time.sleep(REST)
    finally:
        store.close()
    told = ", ".join(f"{each:.2f}" for each in sorted(seconds))
    name = f"new articles searchable while a rebuild runs (it ran during {running} of {TIMES})"
    return [Row(name, f"{max(seconds):.2f} s at most; {told}", wanted="at most 2 s")]


def until_found(store: Store, port: int, number: int) -> float:
    """Save an article with a word that nobody has used, and ask for it until it is found."""
    word = "zq" + secrets.token_hex(6)
    made = Article("", title=f"Thông báo {word}", body=f"Bài viết mới: {word}.", external_id=f"fresh-{number}")
    with store.write() as connection:
        source = sources.find(connection, SOURCE) or sources.add(connection, SOURCE)
        articles.save(connection, source.id, made, clock.now(), lane="crawl")
    began = time.perf_counter()
    while time.perf_counter() - began < LONGEST:
        if total(port, f"{SEARCH}?q={word}"):
            return time.perf_counter() - began
        time.sleep(PAUSE)
    return LONGEST


@contextmanager
def command(home: Path, *words: str) -> Iterator[Process]:
    process = start(home, *words)
    try:
        yield process
    finally:
        end(process)
