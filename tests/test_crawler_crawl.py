"""Does a round bring a real site in: politely, once, whole, and again after a kill?"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from crawler import process
from crawler.beside import NOWHERE
from crawler.replica.content import articles as written
from crawler.replica.server import Fault, Replica, serve
from crawler.report import text
from indexer.article import Kept
from indexer.store import Store, articles, captures, open_store, rounds, sources
from indexer.store.tables import addresses as address_rows
from indexer.store.tables import aliases as alias_rows
from indexer.store.tables import articles as article_rows
from indexer.store.tables import captures as capture_rows
from indexer.store.tables import file_links
from indexer.store.tables import versions as version_rows
from tests.patience import wait_for

ROOT = Path(__file__).parent.parent
FEW = 14  # articles: enough for two list pages


@pytest.fixture
def replica(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    chosen = [each for each in written() if each.attachments][:2]
    chosen += [each for each in written() if each not in chosen][: FEW - len(chosen)]
    with serve(shown=chosen) as running:
        monkeypatch.setenv("KHOTIN_RESOLVE", running.resolve)
        monkeypatch.setenv("KHOTIN_TIMEOUT_SECONDS", "3")
        yield running


@pytest.fixture
def home(tmp_path: Path, replica: Replica) -> Iterator[Path]:
    folder = tmp_path / "data"
    opened = open_store(folder, create=True)
    with opened.write() as connection:
        sources.add(connection, "soxd", replica.url, delay_seconds=0.0)
    opened.close()
    yield folder


def crawl(home: Path, **options: Any) -> dict[str, Any]:
    report = process.run(home, "soxd", options, lambda event: None)
    assert text(report)
    return report


@pytest.fixture
def kept(home: Path) -> Iterator[Store]:
    opened = open_store(home)
    yield opened
    opened.close()


def changes(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return articles.last_changes(connection)


def shown(store: Store, replica: Replica, node: int) -> Kept:
    with store.read() as connection:
        found = articles.find(connection, replica.address(node))
    assert found is not None
    return found


def test_a_first_round_brings_articles_with_their_files(home: Path, kept: Store, replica: Replica) -> None:
    report = crawl(home)
    assert (report["state"], report["failed"], report["profile"]) == ("done", 0, "drupal")
    assert report["new"] >= FEW
    assert report["hits"] and report["bytes"] > 0
    for node, wanted in replica.site.articles.items():
        found = shown(kept, replica, node)
        assert (found.article.title, found.versions) == (wanted.title, 1)
    with_file = next(node for node, each in replica.site.articles.items() if each.attachments)
    assert shown(kept, replica, with_file).article.attachments[0].text
    assert not [each.path for each in replica.log if each.path.startswith(("/admin", "/search", "/user"))]
    assert max(Counter(each.path for each in replica.log).values()) == 1


def test_a_second_round_over_an_unchanged_site_changes_nothing(home: Path, kept: Store, replica: Replica) -> None:
    crawl(home)
    before, asked = changes(kept), len(replica.log)
    report = crawl(home)
    assert changes(kept) == before
    assert (report["new"], report["changed"], report["gone"], report["failed"]) == (0, 0, 0, 0)
    assert {each.path for each in replica.log[asked:] if each.status == 200} == {"/", "/robots.txt", "/sitemap.xml"}
    with kept.read() as connection:
        revisits = connection.scalar(select(func.count()).where(capture_rows.c.revisit, capture_rows.c.status == 304))
    assert revisits == report["unchanged"]


def test_an_edited_page_becomes_a_new_version_and_a_new_one_is_found(home: Path, kept: Store, replica: Replica) -> None:
    crawl(home)
    node = next(iter(replica.site.articles))
    before = changes(kept)["crawl"]
    replica.edit(node, title="Một tiêu đề đã được sửa lại hoàn toàn")
    fresh = next(each for each in written() if each.node not in replica.site.articles)
    replica.add(replace(fresh, node=999))
    report = crawl(home)
    assert (report["new"], report["changed"]) == (1, 1)
    edited = shown(kept, replica, node)
    assert (edited.article.title, edited.versions) == ("Một tiêu đề đã được sửa lại hoàn toàn", 2)
    assert shown(kept, replica, 999).article.title == fresh.title
    assert changes(kept)["crawl"] >= before + 2


def test_a_page_that_is_gone_twice_becomes_a_tombstone_and_can_come_back(
    home: Path, kept: Store, replica: Replica
) -> None:
    crawl(home)
    node = next(iter(replica.site.articles))
    address, article = replica.address(node), replica.site.articles[node]
    replica.unpublish(node)
    assert crawl(home)["gone"] == 0
    assert crawl(home)["gone"] == 1
    with kept.read() as connection:
        found = articles.find(connection, address)
    assert found and found.gone_at and found.article.body
    replica.add(article)
    crawl(home)
    assert shown(kept, replica, node).gone_at is None


def start(home: Path, *flags: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "crawler", str(home), "soxd", *flags]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def wait_for_answers(replica: Replica, count: int) -> None:
    wait_for(lambda: len(replica.log) >= count, f"{count} answers of the site")


def test_a_killed_round_goes_on_without_losing_or_doubling_a_page(home: Path, kept: Store, replica: Replica) -> None:
    for answers in (6, 18, 30):
        child = start(home)
        wait_for_answers(replica, answers)
        child.kill()
        child.wait()
    report = crawl(home)
    assert report["state"] == "done"
    with kept.read() as connection:
        assert len(rounds.every(connection)) == 1
        total = articles.count(connection)
        doubled = select(article_rows.c.title).group_by(article_rows.c.title).having(func.count() > 1)
        assert connection.execute(doubled).all() == []
        source = sources.need(connection, "soxd").id
    assert {shown(kept, replica, node).versions for node in replica.site.articles} == {1}
    assert report["new"] == total
    assert all(captures.read(kept, each).digest == each.digest for each in captures.every(kept, source))
    before = changes(kept)
    crawl(home)
    assert changes(kept) == before


def test_a_stopped_round_is_cancelled_in_order_and_goes_on_later(home: Path, kept: Store, replica: Replica) -> None:
    child = start(home)
    wait_for_answers(replica, 8)
    child.send_signal(signal.SIGTERM)
    assert child.wait() == 0
    with kept.read() as connection:
        assert rounds.every(connection)[0].state == "cancelled"
    asked = {each.path for each in replica.log[:-1]} - {"/", "/robots.txt", "/sitemap.xml", NOWHERE}
    stopped_at = len(replica.log)
    assert crawl(home)["state"] == "done"
    assert not asked & {each.path for each in replica.log[stopped_at:]}


def test_a_full_round_goes_on_where_it_was_stopped_when_it_is_told_to(
    home: Path, kept: Store, replica: Replica
) -> None:
    child = start(home, "--full")
    wait_for_answers(replica, 12)
    child.send_signal(signal.SIGTERM)
    assert child.wait() == 0
    asked = {each.path for each in replica.log[:-1]} - {"/", "/robots.txt", "/sitemap.xml", NOWHERE}
    stopped_at = len(replica.log)
    assert crawl(home, full=True, goes_on=True)["state"] == "done"
    assert not asked & {each.path for each in replica.log[stopped_at:]}
    with kept.read() as connection:
        assert len(rounds.every(connection)) == 1


def test_of_two_rounds_over_one_host_one_runs(home: Path, replica: Replica) -> None:
    replica.faults["/tin-tuc"] = Fault("slow", 0.3)
    reports: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda: reports.append(crawl(home))) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each["state"] for each in reports) == ["done", "joined"]
    assert max(Counter(each.path for each in replica.log).values()) == 1


def test_a_round_ends_when_the_process_that_started_it_has_died(home: Path, replica: Replica) -> None:
    replica.faults["/"] = Fault("slow", 0.3)
    code = (
        "import subprocess, sys, os; child = subprocess.Popen([sys.executable, '-m', 'crawler', sys.argv[1], 'soxd', "
        "'--parent', str(os.getpid())], stdout=subprocess.DEVNULL); print(child.pid, flush=True); child.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(home)], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout
    orphan = int(parent.stdout.readline())
    wait_for_answers(replica, 3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):  # all pages would take longer
        if not alive(orphan):
            return
        time.sleep(0.05)
    os.kill(orphan, signal.SIGKILL)
    raise AssertionError("the orphan crawls on")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_faults_are_reported_in_sentences_and_the_rest_is_done(home: Path, kept: Store, replica: Replica) -> None:
    broken, huge, *_ = (node for node, each in replica.site.articles.items() if not each.attachments)
    path = "/" + replica.address(huge).split("/", 3)[3]
    replica.faults |= {"/sites/default/files": Fault("broken_pdf"), path: Fault("too_big", 30_000_000)}
    busy = "/" + replica.address(broken).split("/", 3)[3]
    replica.faults[busy] = Fault("status", 503)
    report = crawl(home)
    assert report["state"] == "done"
    assert report["failed"] == 2
    told = "\n".join(text(report))
    assert "damaged" in told and "larger than" in told and "answered 503" in told
    replica.faults.clear()
    asked = len(replica.log)
    again = crawl(home, retry=True)
    assert (again["state"], again["failed"]) == ("done", 0)
    assert {each.path for each in replica.log[asked:]} == {"/robots.txt", "/", path, busy}
    assert shown(kept, replica, huge)


@pytest.mark.parametrize(("kind", "said"), [("bad_length", "broke off"), ("bad_gzip", "packed")])
def test_a_broken_answer_is_a_failure_and_mends_itself(
    kind: str, said: str, home: Path, kept: Store, replica: Replica
) -> None:
    node = next(node for node, each in replica.site.articles.items() if not each.attachments)
    path = "/" + replica.address(node).split("/", 3)[3]
    replica.faults[path] = Fault(kind)
    report = crawl(home)
    assert (report["state"], report["failed"]) == ("done", 1)
    assert said in "\n".join(text(report))
    replica.faults.clear()
    assert crawl(home)["failed"] == 0
    assert shown(kept, replica, node)


PICTURES = "/inline-images/"


def test_pictures_inside_articles_are_kept_once_and_after_the_articles(
    home: Path, kept: Store, replica: Replica
) -> None:
    crawl(home)
    paths = [each.path for each in replica.log]
    pictures = [path for path in paths if PICTURES in path]
    assert len(pictures) == len(set(pictures)) == sum(len(each.images) for each in replica.site.articles.values()) > 0
    assert max(place for place, path in enumerate(paths) if "/index.php/" in path) < paths.index(pictures[0])
    with kept.read() as connection:
        held = connection.scalars(select(capture_rows.c.address).where(capture_rows.c.media_type == "image/png"))
        assert len(list(held)) == len(pictures)
    asked = len(replica.log)
    crawl(home)
    assert [each.path for each in replica.log[asked:] if PICTURES in each.path] == []


def test_a_source_may_do_without_pictures_and_large_ones_are_left(home: Path, kept: Store, replica: Replica) -> None:
    with kept.write() as connection:
        source = sources.need(connection, "soxd")
        sources.change(connection, source.id, keep_images=False)
    crawl(home)
    assert [each.path for each in replica.log if PICTURES in each.path] == []
    with kept.write() as connection:
        sources.change(connection, source.id, keep_images=True)
    replica.faults["/sites/default/files/inline-images"] = Fault("too_big", 6_000_000, 1)
    node = next(node for node, each in replica.site.articles.items() if each.images)
    replica.edit(node, lead="Một câu mới.")
    report = crawl(home)
    assert (report["state"], report["failed"]) == ("done", 1)
    assert "larger than" in "\n".join(text(report))


def test_an_unreachable_host_fails_the_round_with_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHOTIN_RESOLVE", "soxd.replica.test=127.0.0.1:1")
    report = crawl(home)
    assert report["state"] == "failed"
    assert "does not take connections" in report["problem"]


def test_an_unknown_source_fails_with_a_sentence(home: Path) -> None:
    report = process.run(home, "nowhere", {}, lambda event: None)
    assert report["state"] == "failed"
    assert "no source named" in report["problem"]


def test_the_number_of_pages_can_be_bounded(home: Path, replica: Replica) -> None:
    report = crawl(home, max_pages=3)
    assert report["state"] == "done"
    assert len(replica.log) <= 7, "robots.txt, the sitemap, the start page twice, one that cannot be, and the pages"


def test_kept_pages_are_read_again_without_network_and_change_nothing(
    home: Path, kept: Store, replica: Replica
) -> None:
    crawl(home)
    before, asked = changes(kept), len(replica.log)
    report = crawl(home, replay=True)
    assert report["state"] == "done"
    assert (report["new"], report["changed"]) == (0, 0)
    assert (changes(kept), len(replica.log)) == (before, asked)


def everything(store: Store) -> list[tuple[Any, ...]]:
    """All articles with their versions, whatever their numbers."""
    with store.read() as connection:
        kept = articles.after(connection, 0, 1_000)
        told = [(each, articles.history(connection, each.id)) for each in kept]
    return sorted(
        (
            each.article.address,
            each.article,
            [(v.number, v.captured_at, v.title, v.lead, v.body, v.attachments) for v in past],
        )
        for each, past in told
    )


def test_lost_articles_are_rebuilt_from_the_kept_pages_with_all_their_versions(
    home: Path, kept: Store, replica: Replica
) -> None:
    crawl(home)
    first, second, *_ = replica.site.articles
    for lead in ("Lần sửa thứ nhất của bài.", "Lần sửa thứ hai của bài."):
        replica.edit(first, lead=lead)
        replica.edit(second, title=f"{replica.site.articles[second].title} (cập nhật)")
        crawl(home)
    before = everything(kept)
    assert max(len(versions) for _, _, versions in before) == 3
    with kept.write() as connection:
        connection.execute(update(address_rows).values(article_id=None))
        for table in (alias_rows, file_links, version_rows, article_rows):
            connection.execute(delete(table))
    asked = len(replica.log)
    report = crawl(home, replay=True)
    assert (report["state"], report["failed"], len(replica.log)) == ("done", 0, asked)
    assert everything(kept) == before


def test_the_kept_pages_are_sound_to_other_tools(home: Path, replica: Replica) -> None:
    crawl(home)
    crawl(home)
    files = [str(file) for file in home.rglob("*.warc*")]
    done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_probe_says_what_would_be_taken(home: Path, replica: Replica) -> None:
    from indexer import settings

    node = next(iter(replica.site.articles))
    told = process.probe(replica.address(node), settings.load(home))
    assert (told["profile"], told["kind"]) == ("drupal", "article")
    assert told["title"] == replica.site.articles[node].title
    assert told["sample"] and told["found_by"]["title"]
    assert told["robots"] == "answered 200" and "plain http" in told["certificate"]


def test_one_article_is_read_again_and_told_field_by_field(home: Path, kept: Store) -> None:
    crawl(home, max_pages=12)
    with kept.write() as connection:
        held = articles.after(connection, 0, 1)[0]
        articles.mark(connection, held.id, "crawl", title="Đọc sai")  # as an extractor did that is mended now
    report = crawl(home, replay=True, article=held.id)
    assert report["fields"] == [{"field": "title", "before": "Đọc sai", "after": held.article.title}]
    assert crawl(home, replay=True, article=held.id)["fields"] == [] and report["read"]
