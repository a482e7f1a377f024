"""Do the processes end as they should when they are told to?  Real ones, over sockets and signals."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.replica.server import Fault, serve
from indexer import jobs
from indexer.article import Article
from indexer.store import health
from tests.conftest import Archive
from tests.patience import children_of, wait_for
from tests.servers.ports import free_port
from web.server import folder_of_counts

ROOT = Path(__file__).parent.parent
# Long words: many bytes to send, few terms to index.
LONG = " ".join("x" * 9_000 + str(number) for number in range(30))
ARTICLES = 24


@contextmanager
def running(archive: Archive, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "khotin", "--home", str(archive.store.home), *words]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as told:
            return bool(told.status == 200)
    except OSError:
        return False


def test_a_site_that_is_told_to_stop_finishes_its_answers_and_leaves_nothing_behind(archive: Archive) -> None:
    archive.put(*(Article(f"http://x/{n}", title=f"Cát {n}", body=f"{LONG} {n}") for n in range(ARTICLES)))
    port = free_port()
    with running(archive, "serve", "--port", str(port), KHOTIN_LOG_FORMAT="json") as process:
        wait_for(lambda: answers(port), "the site")
        for _ in range(10):
            ask_several(port)
        assert {counted(port) for _ in range(4)} == {40.0}, "each process tells what all of them counted"
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/export?q=c%C3%A1t&format=jsonl")
        answer = connection.getresponse()
        first = answer.read(1000)
        process.terminate()
        wait_for(lambda: not answers(port), "it to take no more")
        assert process.poll() is None, "it ended while an answer was under way"
        lines = (first + answer.read()).decode().splitlines()
        connection.close()
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0
    assert len([json.loads(line) for line in lines if '"title"' in line]) == ARTICLES
    events = [json.loads(line) for line in told.splitlines()]
    assert {"The worker began.", "The worker ended."} <= {each["message"] for each in events}
    assert {"/export", "/healthz"} <= {each.get("route") for each in events} and "q=" not in told


def test_one_process_of_the_site_that_ends_takes_no_counts_and_no_answers_with_it(archive: Archive) -> None:
    archive.put(Article("http://x/1", title="Cát"))
    port = free_port()
    with running(archive, "web", "--port", str(port)) as process:
        wait_for(lambda: answers(port), "the site")
        ask_several(port)
        assert counted(port) == 4.0
        before = children_of(process.pid)
        os.kill(before[0], signal.SIGTERM)
        wait_for(lambda: len(set(children_of(process.pid)) - set(before)) == 1, "another in its place")
        ask_several(port)
        assert counted(port) == 8.0


def test_counts_that_a_killed_site_left_are_removed_by_the_next(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, others = tmp_path / f"khotin-counts-{ended.pid}-x", tmp_path / f"khotin-counts-{os.getppid()}-x"
    left.mkdir()
    others.mkdir()
    made = Path(folder_of_counts(tmp_path))
    assert made.is_dir() and set(tmp_path.iterdir()) == {made, others}


def test_where_there_is_no_room_each_process_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    assert folder_of_counts(Path("/proc")) == ""  # which has no room for anybody
    assert "/metrics tells the counts of one process only" in caplog.text


def test_a_worker_that_is_told_to_stop_gives_its_round_back(archive: Archive) -> None:
    with archive.store.write() as connection:
        jobs.ask(connection, "round", "test", source_id=archive.source.id)
    with (
        serve(faults={"/index.php/": Fault("slow", 0.5)}) as replica,
        running(archive, "work", KHOTIN_RESOLVE=replica.resolve, KHOTIN_LANG="vi") as process,
    ):
        wait_for(lambda: len(replica.log) > 2, "some pages")
        process.terminate()
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0 and "Tiến trình nền kết thúc." in told
    with archive.store.read() as connection:
        found = [(job.state, job.arguments) for job in reversed(jobs.latest(connection)) if job.kind == "round"]
        assert not health.workers(connection)
    assert found == [("interrupted", {}), ("waiting", {"resumes": 1})]


def ask_several(port: int) -> None:
    """At the same time, so that each process of the site gets some."""
    connections = [HTTPConnection("127.0.0.1", port) for _ in range(4)]
    for each in connections:
        each.request("GET", "/search?q=c%C3%A1t")
    for each in connections:
        assert each.getresponse().read()
        each.close()


def counted(port: int) -> float:
    time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as told:
        text = told.read().decode()
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("route", "/search") == "/search"
    }
    return float(found["khotin_searches_total"])
