"""The main job, whole: address -> page -> article -> words -> index -> question -> result page -> API."""

import json
import os
import subprocess
import sys
from pathlib import Path

from crawler.replica.server import Replica, serve
from indexer import settings as settings_of
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import open_store
from web.app import create_app

ROOT = Path(__file__).parent.parent


def khotin(home: Path, replica: Replica, *words: str, fails: bool = False) -> str:
    """Type a command as an operator would; its output, and what it says on failing."""
    environment = os.environ | {"KHOTIN_RESOLVE": replica.resolve, "KHOTIN_LANG": "en"}
    command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode != 0) is fails, done.stderr
    return done.stdout + (done.stderr if fails else "")


def test_a_departments_pages_become_found_articles(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve() as replica:
        khotin(home, replica, "source", "add", replica.url, "--name", "soxd", "--delay", "0")
        first = json.loads(khotin(home, replica, "crawl", "soxd", "--json"))
        asked = len(replica.log)
        again = json.loads(khotin(home, replica, "crawl", "soxd", "--json"))
        bodies = [request for request in replica.log[asked:] if request.status == 200 and "/node/" in request.path]

    assert first["state"] == "done"
    assert first["new"] >= 80
    assert first["failed"] == 0
    assert (again["new"], again["changed"], again["gone"]) == (0, 0, 0)
    assert bodies == []

    store = open_store(home)
    client = create_app(settings_of.load(home), store, WhooshEngine(store.index)).test_client()
    page = client.get("/search?q=nha+o+xa+hoi&lang=vi").get_data(as_text=True)
    assert "<mark>nhà ở xã hội</mark>" in page

    answer = client.get("/api/v1/search?q=nha+o+xa+hoi").get_json()
    assert answer["total"] > 0
    typed = json.loads(khotin(home, replica, "search", "nha o xa hoi", "--json"))
    assert [hit["id"] for hit in typed["hits"]] == [hit["id"] for hit in answer["hits"]]
    assert client.get(f"/articles/{answer['hits'][0]['id']}").status_code == 200
    store.close()
