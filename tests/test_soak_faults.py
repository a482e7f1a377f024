"""Does a server that is killed again and again, piece by piece and under load, lose, double or confuse anything?"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from indexer import build, jobs, schedules
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import Store, articles, captures, open_store, sources, tables
from tests.long import length
from tests.patience import PATIENCE, wait_for
from tests.servers.ports import free_port
from tests.test_soak import warc_problems

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent
SECONDS = length("FAULT_SECONDS", 600)
PAGES, IMPORTED, CLIENTS = 150, 3_000, 3
TARGETS = ("web", "work", "crawl", "site process", "import", "all")


def environment(replica: Replica) -> dict[str, str]:
    return os.environ | {"KHOTIN_RESOLVE": replica.resolve, "KHOTIN_LANG": "en", "KHOTIN_API_REQUESTS_PER_MINUTE": "0"}


def processes(under: int) -> dict[int, str]:
    """The processes that descend from one, each with its command line."""
    parents, told = {}, {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            told[int(each.name)] = (each / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it has just ended
            continue
    found: dict[int, str] = {}
    ask = [under]
    while ask:
        parent = ask.pop()
        below = [number for number, of in parents.items() if of == parent]
        found |= {number: told.get(number, "") for number in below}
        ask += below
    return found


@dataclass(slots=True)
class Server:
    """A real `khotin serve`, started again when all of it was killed."""

    home: Path
    replica: Replica
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "khotin", "--home", str(self.home), "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.replica), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, target: str) -> bool:
        """Kill one piece of it with no warning; was there one?"""
        assert self.process
        below = processes(self.process.pid)
        words = {"web": " web ", "site process": " web ", "work": " work", "crawl": "-m crawler"}
        if target == "all":
            for number in (self.process.pid, *below):
                end(number)
            self.process.wait()
            self.start()
            return True
        found = sorted(number for number, line in below.items() if words[target] in line)
        if found:
            end(found[-1] if target == "site process" else found[0])
        return bool(found)

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        self.process.wait(120)


def end(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


@dataclass(slots=True)
class Readers:
    """Clients that ask for articles one by one. What one was told of once must be found from then on."""

    port: int
    questions: dict[str, str]  # a phrase that stands in one article -> the end of that article's address
    known: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self, seed: int) -> None:
        pick = random.Random(seed)
        phrases = sorted(self.questions)
        while not self.stop.wait(0.02):
            phrase = pick.choice(phrases)
            was_known = phrase in self.known
            status, told = self.ask(phrase)
            self.statuses[status] += 1
            if status == "200":
                self.judge(phrase, was_known, told)
            elif status not in ("503", "no answer"):
                self.wrong.append(f"{phrase}: {status} {told}")

    def ask(self, phrase: str) -> tuple[str, Any]:
        address = f"http://127.0.0.1:{self.port}/api/v1/search?q={quote(phrase)}"
        try:
            with urlopen(address, timeout=60) as answered:
                return str(answered.status), json.load(answered)
        except HTTPError as refused:
            return str(refused.code), refused.read()[:300]
        except (OSError, HTTPException, ValueError) as problem:  # killed before or while it answered
            return "no answer", str(problem)

    def judge(self, phrase: str, was_known: bool, told: Any) -> None:
        found = [hit["url"] or hit["external_id"] for hit in told["hits"] if hit["counted"]]
        if found and (told["total"] != 1 or not found[0].endswith(self.questions[phrase])):
            self.wrong.append(f"{phrase}: {told['total']} {found}")
        if not found and was_known:
            self.wrong.append(f"{phrase}: lost")
        if found:
            self.known.add(phrase)

    @contextmanager
    def reading(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.read, args=(seed,)) for seed in range(CLIENTS)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self.stop.set()
            for each in threads:
                each.join()


def run(server: Server, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "khotin", "--home", str(server.home), *words]
    with server.log.open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment(server.replica), stdout=log, stderr=log)


def news(tmp_path: Path) -> Path:
    lines = [
        {"id": f"n{n}", "title": f"Tin nhập số {n}", "body": f"Mã lưu trữ zq{n}zq của kho.", "source": "kho"}
        for n in range(IMPORTED)
    ]
    file = tmp_path / "news.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return file


def test_nothing_is_lost_doubled_or_confused_by_kills_at_random_moments(tmp_path: Path) -> None:
    home, file = tmp_path / "data", news(tmp_path)
    store = open_store(home, create=True)
    with serve(shown=many(PAGES)) as replica:
        with store.write() as connection:
            source = sources.add(connection, "site", replica.url, delay_seconds=0.0).id
            schedules.add(connection, source, "* * * * *")
        server = Server(home, replica, free_port(), tmp_path / "server.log")
        server.start()
        phrases = {f'"lưu số {node} tại văn phòng"': address(replica, node) for node in range(1, PAGES + 1)}
        phrases |= {f"zq{number}zq": f"n{number}" for number in range(0, IMPORTED, 20)}
        readers, killed = Readers(server.port, phrases), Counter[str]()
        with readers.reading():
            disturb(server, file, killed)
            finish(server, store, file)
            still = [phrase for phrase in phrases if phrase not in readers.known]
        server.stop()
    told = server.log.read_text(encoding="utf-8", errors="replace")
    print(
        f"\n{SECONDS} s; killed {dict(killed)}; answers {dict(readers.statuses)}; known {len(readers.known)} of "
        f"{len(phrases)}, never met {len(still)}; tracebacks in the log {told.count('Traceback')}"
    )
    print("\n".join(stumbles(told)))
    try:
        assert not readers.wrong, "\n".join(readers.wrong[:30])
        check_store(store, replica)
        check_schedule(store)
        check_index(store)
    finally:
        store.close()


def stumbles(log: str) -> list[str]:
    """The tracebacks in a log, each with the line that told it; without the requests that stand between them."""
    kept = "\n".join(line for line in log.splitlines() if " khotin.request: " not in line)
    return re.findall(r"[^\n]*\nTraceback .*?\n(?=\d{4}-|\Z)", kept, re.DOTALL)


def address(replica: Replica, node: int) -> str:
    return replica.address(node).removeprefix(replica.url.rstrip("/"))


def disturb(server: Server, file: Path, killed: Counter[str]) -> None:
    """Kill, import, edit and publish by chance until the time is over."""
    pick, over, importing = random.Random(11), time.monotonic() + SECONDS, run(server, "import", str(file))
    while time.monotonic() < over:
        time.sleep(pick.uniform(0.5, 8))
        node = pick.randint(1, PAGES)
        server.replica.edit(
            node, title=f"{server.replica.site.articles[node].title.partition(' (')[0]} ({pick.random()})"
        )
        target = pick.choice(TARGETS)
        if target == "import":
            end(importing.pid)
            killed[target] += 1
        elif server.kill(target):
            killed[target] += 1
        if importing.poll() is not None:
            importing = run(server, "import", str(file))
    end(importing.pid)
    importing.wait()


def finish(server: Server, store: Store, file: Path) -> None:
    """Let everything that was begun come to its end: no schedule any more, all rounds done, the index caught up."""
    with store.write() as connection:
        for each in schedules.every(connection):
            schedules.enable(connection, each.id, False)
    assert run(server, "import", str(file)).wait(PATIENCE) == 0
    wait_for(lambda: not opened(store), "the rounds to end")
    with store.write() as connection:
        source = sources.need(connection, "site").id
        jobs.ask(connection, "round", "test", source_id=source, arguments={"full": True})
    wait_for(lambda: not opened(store), "the last round")
    engine = WhooshEngine(store.index)
    wait_for(lambda: not build.is_behind(store, engine), "the index")
    time.sleep(5)  # the readers ask on


def opened(store: Store) -> list[Any]:
    with store.read() as connection:
        return jobs.unfinished(connection)


def check_store(store: Store, replica: Replica) -> None:
    """Every article of the site and of the file is there once, as it is shown now; every capture can be read."""
    with store.read() as connection:
        kept = [each for each in articles.after(connection, 0, 100_000) if each.merged_into is None]
    by_address = Counter(each.article.address for each in kept if each.article.address)
    assert by_address == {replica.address(node): 1 for node in replica.site.articles}
    titles = {each.article.address: each.article.title for each in kept}
    assert {
        replica.address(node): shown.title for node, shown in replica.site.articles.items()
    }.items() <= titles.items()
    imported = Counter(each.article.external_id for each in kept if each.article.external_id)
    assert imported == {f"n{number}": 1 for number in range(IMPORTED)}
    for each in captures.every(store, 1):
        assert captures.read(store, each).status == each.status
    assert warc_problems(store) == ""


def check_schedule(store: Store) -> None:
    """Each due time was asked for once; most minutes were."""
    table = tables.jobs
    with store.read() as connection:
        by_due = select(table.c.due_at, func.count()).where(table.c.due_at.is_not(None)).group_by(table.c.due_at)
        fired = connection.execute(by_due).all()
    states = states_of_rounds(store)
    print(f"{len(fired)} due times; rounds {dict(states)}")
    assert fired and all(count == 1 for _, count in fired)
    assert len(fired) >= SECONDS // 60 - 1
    assert set(states) <= {"done", "joined", "interrupted", "crawl killed"}, states


def states_of_rounds(store: Store) -> Counter[str]:
    """How the rounds ended; one whose crawl alone was killed failed, and the next one goes on with it."""
    table = tables.jobs
    with store.read() as connection:
        ended = connection.execute(select(table.c.state, table.c.problem).where(table.c.kind == "round"))
        return Counter("crawl killed" if "exit code -9" in problem else state for state, problem in ended)


def check_index(store: Store) -> None:
    """The index fits the store, and answers as one that was made from nothing."""
    engine = WhooshEngine(store.index)
    assert build.check(store, engine) == []
    asked = ("xây dựng", "nhà ở xã hội", '"lưu số 7 tại"', "kho lưu trữ", "zq40zq", "quy hoạch -nhà", "")
    before = [answers(store, engine, line) for line in asked]
    build.rebuild(store, engine)
    assert [answers(store, engine, line) for line in asked] == before


def answers(store: Store, engine: WhooshEngine, line: str) -> Any:
    found = search(Query(q=line, per_page=100), store, engine.columns(), load())
    return found.total, found.near_total, [(hit.kept.id, hit.score) for hit in found.hits], found.facets, found.timeline
