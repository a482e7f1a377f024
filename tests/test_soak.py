"""Does it hold when it is killed again and again?  Long proofs, run by `make soak`."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from indexer import build
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.store import Store, articles, captures, open_store, sources
from tests.conftest import Archive

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent
KILLS = 25
CRAWL_KILLS, ARTICLES = 100, 2_000


def start(home: Path, replica: Replica, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"KHOTIN_RESOLVE": replica.resolve}
    command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def taken(store: Store) -> list[Article]:
    """Every article as it is kept, whatever its number."""
    with store.read() as connection:
        kept = [each.article for each in articles.after(connection, 0, 10_000)]
    return sorted(kept, key=lambda each: each.address)


def warc_problems(store: Store) -> str:
    """What the checker of the WARC library says of every file; empty when it finds nothing."""
    files = sorted(map(str, store.home.rglob("*.warc*")))
    assert files
    command = [sys.executable, "-m", "warcio.cli", "check", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() if done.returncode else ""


def test_a_crawl_that_is_killed_a_hundred_times_ends_like_one_that_was_not(tmp_path: Path) -> None:
    homes = {name: open_store(tmp_path / name, create=True) for name in ("calm", "killed")}
    when = random.Random(1)
    with serve(shown=many(ARTICLES)) as replica:
        for store in homes.values():
            with store.write() as connection:
                sources.add(connection, "soxd", "http://soxd.replica.test/", delay_seconds=0.0)
        assert json.loads(start(homes["calm"].home, replica, "crawl", "--json").communicate()[0])["state"] == "done"
        for _ in range(CRAWL_KILLS):
            process = start(homes["killed"].home, replica, "crawl", "--json")
            time.sleep(when.uniform(1, 8))
            kill(process)
        last = start(homes["killed"].home, replica, "crawl", "--json")
        assert json.loads(last.communicate()[0])["state"] == "done"
    assert len(taken(homes["calm"])) == ARTICLES
    assert taken(homes["killed"]) == taken(homes["calm"])
    store = homes["killed"]
    for each in captures.every(store, 1):
        assert captures.read(store, each).status == each.status
    assert warc_problems(store) == ""
    build.update(store, WhooshEngine(store.index))
    assert build.check(store, WhooshEngine(store.index)) == []


def test_an_import_and_its_index_survive_being_killed_again_and_again(tmp_path: Path) -> None:
    lines = [{"id": str(n), "title": f"Cát {n}", "body": "bãi cát ven sông " * 50} for n in range(4000)]
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    when = random.Random(2)
    with serve(shown=()) as replica:
        for _ in range(KILLS):
            process = start(tmp_path / "data", replica, "import", str(news))
            time.sleep(when.uniform(0.5, 8))
            kill(process)
        last = start(tmp_path / "data", replica, "import", str(news))
        last.communicate()
    assert last.returncode == 0
    store = open_store(tmp_path / "data")
    with store.read() as connection:
        assert articles.count(connection) == 4000
    assert build.check(store, WhooshEngine(store.index)) == []
    store.close()


PIECES = (
    "nhà ở", "xã hội", '"', "“", "”", "«", "»", "(", ")", " AND ", " OR ", " NOT ", " -", "- ", "title:", "số-hiệu:",
    "ngày:2024", "date:", "date:2023-01..", "788/QĐ-UBND", "338 qd ttg", "*", "xây*", "c?t", "~", '"a b"~3', "word~",
    "😀", "\u0301", "e\u0301", "tháng 9/2024", "năm 2023", "quý III", "m²", "1.250.000", "Lạng Sơn", "social housing",
    "the", "gì?", "là gì",
    "NOXH", "\u00a0", "\u200b", "%", "\\", "mục:tin", "place:", "\n", "tu", "an", "A", "1", "/", "–",
)  # fmt: skip


def test_no_line_however_odd_breaks_a_search_or_its_counts(archive: Archive) -> None:
    with serve() as replica:
        pages = replica.site.articles.values()
        archive.put(*(Article(f"http://x/{p.node}", title=p.title, lead=p.lead, body=p.body) for p in pages))
    pick = random.Random(3)
    for _ in range(3_000):
        line = "".join(pick.choice(PIECES) + pick.choice(("", " ")) for _ in range(pick.randint(1, 9)))
        try:
            results = archive.ask(line, exact=pick.random() < 0.1)
        except KhotinError:  # a wildcard that stands for too much is refused
            continue
        assert sum(hits for _, hits, _ in results.timeline) == results.total, line
        assert sum(count for _, count in results.facets["year"]) == results.total, line
        for passage in (each for hit in results.hits for each in (hit.passages.title, *hit.passages.texts)):
            ends = [0, *(end for _, end in passage.marks)]
            assert all(last <= start < end for last, (start, end) in zip(ends, passage.marks, strict=False)), line
