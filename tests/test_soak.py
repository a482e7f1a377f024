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

from crawler.replica.server import Replica, serve
from indexer import build
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import Store, articles, captures, open_store, sources

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent
KILLS = 25


def start(home: Path, replica: Replica, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"KHOTIN_RESOLVE": replica.resolve}
    command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_crawl_that_is_killed_again_and_again_loses_and_doubles_no_page(store: Store) -> None:
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/", delay_seconds=0.0)
    when = random.Random(1)
    with serve() as replica:
        for _ in range(KILLS):
            process = start(store.home, replica, "crawl", "--json")
            time.sleep(when.uniform(0.5, 4))
            kill(process)
        last = start(store.home, replica, "crawl", "--json")
        report = json.loads(last.communicate()[0])
    assert report["state"] == "done"
    with store.read() as connection:
        assert articles.count(connection) == len(replica.site.articles)
    for each in captures.every(store, source.id):
        assert captures.read(store, each).status == each.status
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
        assert start(tmp_path / "data", replica, "import", str(news)).wait() == 0
    store = open_store(tmp_path / "data")
    with store.read() as connection:
        assert articles.count(connection) == 4000
    assert build.check(store, WhooshEngine(store.index)) == []
    store.close()
