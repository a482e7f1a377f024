"""How fast is it here?  `make bench`, or `make bench FILE=news.jsonl.gz` for articles of your own."""

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from whoosh.query import And, Term
from whoosh.scoring import BM25F

from crawler.replica.content import articles as bundled
from indexer import build, clock, imports
from indexer.article import Article
from indexer.engine.columns import Columns
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.glossary import Glossary, load
from indexer.query import Query
from indexer.search import search
from indexer.store import Store, articles, open_store, sources
from tests.test_bad_questions import BAD

QUESTIONS = (
    "nhà ở xã hội", "nha o xa hoi", '"giấy phép xây dựng"', "an toàn lao động", "tháng 9/2024", "788/QĐ-UBND",
    "social housing", "building material prices", "xây* dựng", "thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ",
)  # fmt: skip
T = TypeVar("T")
# Enough that sorting and intersecting show; small enough for a minute.
GENERATED = 3000
REPEATS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder), create=True)
        engine = WhooshEngine(store.index)
        size, keeping = timed(lambda: fill(store, sys.argv[1:]))
        _, indexing = timed(lambda: build.rebuild(store, engine))
        row("articles", f"{size}")
        row("kept", f"{size / keeping:.0f} articles/s")
        row("indexed", f"{size / indexing:.0f} articles/s")
        searching(store, engine)
        row("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
        store.close()


def searching(store: Store, engine: WhooshEngine) -> None:
    """Each question, whole (facets, timeline, passages); then plain AND in Whoosh on the same index, as a yardstick."""
    columns, opening = timed(engine.columns)
    row("index opened in", f"{opening * 1000:.0f} ms")
    glossary = load()
    took = []
    for question in QUESTIONS:
        times = [timed(lambda q=question: search(Query(q=q), store, columns, glossary))[1] for _ in range(REPEATS)]
        took += times
        row(f"search: {question}", f"{statistics.median(times) * 1000:.1f} ms")
    took.sort()
    row("search p50 / p95", f"{took[len(took) // 2] * 1000:.1f} / {took[int(len(took) * 0.95)] * 1000:.1f} ms")
    for name, line in BAD.items():
        row(
            f"no good question: {name}",
            f"{timed(lambda q=line: refused(q, store, columns, glossary))[1] * 1000:.1f} ms",
        )
    with engine.published().index().searcher(weighting=BM25F()) as searcher:
        plain = And([Term("body", "xây"), Term("body", "dựng")])
        row("Whoosh alone: xây AND dựng", f"{timed(lambda: searcher.search(plain))[1] * 1000:.1f} ms")


def refused(line: str, store: Store, columns: Columns, glossary: Glossary) -> None:
    """Some of these are answered, the others refused in a sentence; both must take no longer than a search."""
    with suppress(KhotinError):
        search(Query(q=line), store, columns, glossary)


def fill(store: Store, files: list[str]) -> int:
    if files:
        return imports.import_file(store, Path(files[0])).new
    texts = [each for each in bundled() if each.language == "vi"]
    mix = random.Random(1)
    with store.write() as connection:
        source = sources.add(connection, "bench").id
        for number in range(GENERATED):
            first, second = mix.sample(texts, 2)
            body = "\n".join(mix.sample(first.paragraphs + second.paragraphs, 4))
            made = Article("", title=first.title, lead=second.lead, body=body, published=first.published)
            articles.save(connection, source, replace(made, external_id=str(number)), clock.now(), lane="bulk")
    return GENERATED


def timed(what: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return what(), time.perf_counter() - began


def row(name: str, value: str) -> None:
    print(f"{name:52} {value:>18}", flush=True)


if __name__ == "__main__":
    main()
