"""Do two hosts share one archive: rows on a server, fetched pages in a shared folder, a data folder for each?"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.replica.content import articles as bundled
from crawler.replica.server import Fault, serve
from indexer import access, build, clock, jobs, leases, schedules
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary.typed import line_of
from indexer.store import Store, articles, health, open_store, sources, words
from indexer.store.warc import proved
from tests.patience import wait_for
from tests.servers import postgres
from tests.test_browser import served
from tests.test_words_journey import total

ROOT = Path(__file__).parent.parent
OTHER_HOST = "hanoi.replica.test"
SHOWN = bundled()[:10]
# Another host, as far as leases can tell: its processes and its name are others'.
APART = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts"]


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Store]]:
    (tmp_path / "pages").mkdir()
    with postgres.running() as server:
        monkeypatch.setenv("KHOTIN_STORE", server.address)
        monkeypatch.setenv("KHOTIN_WARC", str(tmp_path / "pages"))
        one, other = open_store(tmp_path / "one", create=True), open_store(tmp_path / "other", create=True)
        yield one, other
        one.close()
        other.close()


@contextmanager
def worker(home: Path, resolve: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = os.environ | {"KHOTIN_RESOLVE": resolve}
    command = [*APART, sys.executable, "-m", "khotin", "--home", str(home), "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def rounds(store: Store) -> list[jobs.Job]:
    with store.read() as connection:
        return [job for job in reversed(jobs.latest(connection)) if job.kind == "round"]


@pytest.mark.cluster
def test_a_round_runs_on_one_host_and_goes_on_on_the_other_when_that_dies(hosts: tuple[Store, Store]) -> None:
    one, other = hosts
    assert one.id == other.id
    with serve(shown=SHOWN, faults={"/index.php/": Fault("slow", 0.5)}) as replica:
        with one.write() as connection:
            source = sources.add(connection, "soxd", replica.url, delay_seconds=0.0).id
            schedule = schedules.add(connection, source, "0 2 1 1 *")
            schedules.change(connection, schedule, next_due=clock.now())
        with worker(one.home, replica.resolve) as first:
            wait_for(lambda: [job.state for job in rounds(one)] == ["running"], "the first host's round")
            with worker(other.home, replica.resolve):
                wait_for(lambda: len(replica.log) > 6, "some pages")
                assert [job.state for job in rounds(other)] == ["running"], "it fired once"
                os.killpg(first.pid, signal.SIGKILL)
                first.wait()
                replica.faults.clear()
                wait_for(lambda: rounds(other)[-1].state == "done", "the other host to end it")
    with other.read() as connection:
        kept = health.captures_after(connection, 0)
        assert articles.count(connection) == len(SHOWN)
    assert {proved(other.warc / each.warc_file, each) for each in kept} == {""}


@pytest.mark.cluster
def test_two_workers_on_two_hosts_crawl_different_sites_at_once(
    hosts: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = hosts
    monkeypatch.setenv("KHOTIN_WORKERS", "1")  # so that neither could crawl both
    slow = {"/": Fault("slow", 0.3)}
    with serve(shown=SHOWN, faults=slow) as first, serve(shown=SHOWN, faults=slow, host=OTHER_HOST) as second:
        with one.write() as connection:
            for name, each in (("soxd", first), ("soyte", second)):
                source = sources.add(connection, name, each.url, delay_seconds=0.0).id
                jobs.ask(connection, "round", "test", source_id=source, arguments={})
        resolve = f"{first.resolve} {second.resolve}"
        with worker(one.home, resolve), worker(other.home, resolve):
            wait_for(lambda: [job.state for job in rounds(one)] == ["running", "running"], "both rounds at once")
            wait_for(lambda: [job.state for job in rounds(one)] == ["done", "done"], "both to end")
    assert len({job.worker for job in rounds(one)}) == 2
    with other.read() as connection:
        assert articles.count(connection) == 2 * len(SHOWN)


@pytest.mark.cluster
def test_words_and_restrictions_are_felt_on_every_host(hosts: tuple[Store, Store]) -> None:
    """No worker runs: each site looks by itself."""
    one, other = hosts
    with one.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/")
        given = Article("http://soxd.replica.test/1", title="Khởi công nhà ở xã hội", body="Dự án có 480 căn hộ.")
        number = articles.save(connection, source.id, given, clock.now()).id
    for each in hosts:
        build.update(each, WhooshEngine(each.index))
    with served(one.home) as here, served(other.home) as there:
        assert [total(at, "nhà cho thợ mỏ") for at in (here, there)] == [0, 0]
        with one.write() as connection:
            words.add(connection, [line_of({"vi": "nhà ở xã hội\nnhà cho thợ mỏ"})], "lan")
        wait_for(lambda: total(there, "nhà cho thợ mỏ") == 1, "the other host to read the words anew")
        with one.write() as connection:
            access.restrict(connection, number, "lan", "not public")
        assert total(there, "nhà ở xã hội") == 0


def test_a_process_of_another_kernel_with_our_name_and_number_is_not_taken_for_dead() -> None:
    name, space, _, _ = leases.holder(os.getpid()).split("|")
    gone = f"{name}|{space}|999999999|1"
    assert leases.is_dead(gone)
    boot, _, process_space = space.partition(" ")
    assert not leases.is_dead(f"{name}|{boot[::-1]} {process_space}|999999999|1")
