"""What becomes of an archive when its site moves, dies, turns us away or loses pages?"""

from pathlib import Path

import pytest

from crawler import process
from crawler.replica import drupal
from crawler.replica.content import many
from crawler.replica.server import Fault, serve
from indexer.store import addresses, articles, open_store, sources
from tests.conftest import add_site, edit_site, kept_articles, one_round

SHOWN = many(8)


def test_a_dead_host_keeps_everything_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        add_site(home, replica)
        one_round(home, replica)
    reports = [one_round(home, replica) for _ in range(3)]
    assert {each["state"] for each in reports} == {"failed"}
    assert "does not take connections" in reports[-1]["problem"]
    assert len(kept_articles(home)) == len(SHOWN)
    assert [each for each in kept_articles(home) if each.gone_at] == []


def test_a_site_that_moved_to_another_host_keeps_its_articles_under_both_names(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        add_site(home, replica)
        one_round(home, replica)
        before = {each.id for each in kept_articles(home)}
        moved = "sxd.replica.test"
        replica.host = moved
        replica.log.clear()
        edit_site(home, address=f"http://{moved}/", hosts=drupal.HOST)
        report = one_round(home, replica)
    assert report["state"] == "done", report
    assert (report["new"], report["gone"]) == (0, 0)
    assert {each.id for each in kept_articles(home)} == before
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
        add_site(home, replica)
        one_round(home, replica)
        path = replica.address(3).split(replica.host)[1]
        replica.edit(3, lead="Một câu mới để trang được tải lại.")
        replica.faults[path] = Fault("waf")
        reports = [one_round(home, replica) for _ in range(3)]
    assert [(each["failed"], each["gone"], each["changed"]) for each in reports] == [(1, 0, 0)] * 3
    assert "firewall" in reports[0]["failures"][0]["message"]
    assert [each for each in kept_articles(home) if each.gone_at] == []


def test_a_further_host_that_fails_is_left_in_peace_and_the_rest_of_the_site_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, elsewhere = tmp_path / "data", "anh.replica.test"
    with serve(shown=SHOWN, faults={"/kho-": Fault("status", 500)}) as replica:
        add_site(home, replica, hosts=elsewhere)
        store = open_store(home)
        with store.write() as connection:
            there = [addresses.New(f"http://{elsewhere}/kho-{number}", "list") for number in range(15)]
            addresses.add(connection, sources.need(connection, "site").id, there)
        store.close()
        monkeypatch.setenv("KHOTIN_RESOLVE", f"{replica.resolve} {elsewhere}=127.0.0.1:{replica.port}")
        report = process.run(home, "site", {}, lambda event: None)
        asked = {each.path for each in replica.log if each.path.startswith("/kho-")}
        replica.faults.clear()
        replica.log.clear()
        again = process.run(home, "site", {}, lambda event: None)
        asked_again = {each.path for each in replica.log if each.path.startswith("/kho-")}
    assert (report["state"], len(asked), report["failed"]) == ("done", 10, 10)
    assert (again["state"], again["failed"], len(asked_again)) == ("done", 0, 15), "the next round tries the host anew"
    assert "pages of a host that does not answer" not in again["skipped"]
    assert report["skipped"]["pages of a host that does not answer"] == 5
    assert len(kept_articles(home)) == len(SHOWN)


def test_a_site_that_fails_half_way_ends_the_round_and_the_next_one_takes_what_was_left(tmp_path: Path) -> None:
    home, shown = tmp_path / "data", many(16)
    with serve(shown=shown) as replica:
        slugs = [replica.site.slug_of(each.node) for each in shown[2:]]
        replica.faults = {
            f"{start}/{slug}": Fault("status", 500) for slug in slugs for start in ("", "/en", "/index.php")
        }
        add_site(home, replica)
        report = one_round(home, replica)
        asked = {each.path for each in replica.log}
        had = {each.article.title for each in kept_articles(home)}
        replica.faults.clear()
        again = one_round(home, replica)
    assert report["state"] == "failed" and "bad answers in a row" in report["problem"]
    assert "/index.php/tin-tuc" in asked and len(had) <= 2
    assert (again["state"], again["failed"], again["new"]) == ("done", 0, len(shown) - len(had))
    assert {each.article.title for each in kept_articles(home)} == {each.title for each in shown}
