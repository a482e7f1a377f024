"""What becomes of an archive when its site moves, dies, turns us away or loses pages?"""

import json
from pathlib import Path
from typing import Any

from crawler.replica import drupal
from crawler.replica.content import many
from crawler.replica.server import Fault, Replica, serve
from indexer.article import Kept
from indexer.store import articles, open_store
from tests.test_journey import khotin

SHOWN = many(8)


def kept(home: Path) -> list[Kept]:
    store = open_store(home)
    with store.read() as connection:
        found = [each for each in articles.after(connection, 0, 1_000) if each.article.title]
    store.close()
    return found


def crawled(home: Path, replica: Replica, *words: str, fails: bool = False) -> dict[str, Any]:
    lines = khotin(home, replica, "crawl", "soxd", "--json", *words, fails=fails).splitlines()
    report: dict[str, Any] = json.loads(lines[0])
    return report


def added(home: Path, replica: Replica) -> None:
    khotin(home, replica, "source", "add", replica.url, "--name", "soxd", "--delay", "0")


def test_a_dead_host_keeps_everything_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        added(home, replica)
        crawled(home, replica)
    reports = [crawled(home, replica, fails=True) for _ in range(3)]
    assert {each["state"] for each in reports} == {"failed"}
    assert "does not take connections" in reports[-1]["problem"]
    assert len(kept(home)) == len(SHOWN)
    assert [each for each in kept(home) if each.gone_at] == []


def test_a_site_that_moved_to_another_host_keeps_its_articles_under_both_names(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        added(home, replica)
        crawled(home, replica)
        before = {each.id for each in kept(home)}
        moved = "sxd.replica.test"
        replica.host = moved
        replica.log.clear()
        new_name = f"{moved}=127.0.0.1:{replica.port}"
        khotin(home, replica, "source", "edit", "soxd", "--address", f"http://{moved}/", "--host", drupal.HOST)
        report = crawled(home, replica)
    assert report["state"] == "done", (report, new_name)
    assert (report["new"], report["gone"]) == (0, 0)
    assert {each.id for each in kept(home)} == before
    store = open_store(home)
    with store.read() as connection:
        for node in (1, 2, 3):
            here, there = (replica.address(node).replace(replica.host, host) for host in (drupal.HOST, moved))
            old, new = articles.find(connection, here), articles.find(connection, there)
            assert old and new and old.id == new.id
    store.close()


def test_a_firewall_s_page_is_neither_an_article_nor_a_proof_that_one_is_gone(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        added(home, replica)
        crawled(home, replica)
        path = replica.address(3).split(replica.host)[1]
        replica.edit(3, lead="Một câu mới để trang được tải lại.")
        replica.faults[path] = Fault("waf")
        reports = [crawled(home, replica) for _ in range(3)]
    assert [(each["failed"], each["gone"], each["changed"]) for each in reports] == [(1, 0, 0)] * 3
    assert "firewall" in reports[0]["failures"][0]["message"]
    assert [each for each in kept(home) if each.gone_at] == []
