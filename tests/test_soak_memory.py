"""Does a server that runs for years stay as large as it was?  Many searches and crawls, run by `make soak`."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from indexer import jobs
from indexer.store import Store, open_store, sources, tables
from tests.conftest import add_site
from tests.fuzz import SYLLABLES
from tests.long import FLAT, growth, length, pss
from tests.servers.ports import free_port
from tests.test_soak_faults import Server, opened, processes, wait_for

pytestmark = pytest.mark.soak
SEARCHES, CRAWLS = length("MEMORY_SEARCHES", 50_000), length("MEMORY_CRAWLS", 300)
PAGES, CLIENTS, SAMPLES = 40, 2, 200
# Pages and answers of every weight that readers ask for again and again.
ASKED = (
    "/search?q={q}", "/search?q={q}&sort=newest&page=2", "/api/v1/search?q={q}&explain=1", "/api/v1/suggest?q={q}",
    "/search?q={q}&lang=en", "/trends?q={q}", "/concordance?q={q}", "/feed.atom?q={q}", "/export?q={q}&format=zip",
    "/articles/{n}", "/articles/{n}/versions", "/browse", "/",
)  # fmt: skip


@dataclass(slots=True)
class Load:
    """Searches, one behind the other over kept connections, and how large the site's processes are meanwhile."""

    port: int
    pids: list[int]
    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, seed: int) -> None:
        pick, line = random.Random(seed), HTTPConnection("127.0.0.1", self.port, timeout=120)
        while self.asked < SEARCHES:
            words = " ".join(pick.choices(SYLLABLES, k=pick.randint(1, 5)))
            path = pick.choice(ASKED).format(q=quote(words), n=pick.randint(1, PAGES))
            try:
                line.request("GET", path)
                answered = line.getresponse()
                answered.read()
            except OSError:
                line.close()
                continue
            self.count(answered.status)

    def count(self, status: int) -> None:
        with self.lock:
            self.asked += 1
            self.statuses[status] += 1
            if self.asked % max(1, SEARCHES // SAMPLES) == 0:
                self.memory.append(sum(map(pss, self.pids)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    home = tmp_path / "data"
    with serve(shown=many(PAGES)) as replica:
        add_site(home, replica)
        made = Server(home, replica, free_port(), tmp_path / "log")
        made.start()
        yield made
        made.stop()
        told = made.log.read_text(encoding="utf-8", errors="replace")
        print(told[-2_000:])
        assert "Traceback" not in told


def test_memory_stays_flat_over_many_searches_and_crawls(server: Server) -> None:
    store = open_store(server.home)
    crawl(store, server.replica, 0)
    wait_for(lambda: answers(server.port), "the site")
    assert server.process
    below = processes(server.process.pid)
    load = Load(server.port, [number for number, line in below.items() if " web " in line])
    worker = next(number for number, line in below.items() if line.rstrip().endswith(" work"))
    clients = [threading.Thread(target=load.run, args=(seed,)) for seed in range(CLIENTS)]
    for each in clients:
        each.start()
    own = []
    for number in range(1, CRAWLS + 1):
        crawl(store, server.replica, number)
        own.append(pss(worker))
    for each in clients:
        each.join()
    with store.read() as connection:
        every = select(tables.jobs.c.state).where(tables.jobs.c.kind == "round")
        states = Counter(connection.execute(every).scalars())
    store.close()
    print(
        f"\n{load.asked} searches {dict(load.statuses)}, {CRAWLS} crawls {dict(states)}; by the line through its "
        f"memory the site grew by {growth(load.memory):+.1%} ({load.memory[0] // 1024} to "
        f"{load.memory[-1] // 1024} MB), the worker by {growth(own):+.1%} ({own[0] // 1024} to {own[-1] // 1024} MB)"
    )
    assert set(load.statuses) == {200}
    assert states == {"done": CRAWLS + 1}
    assert growth(load.memory) < FLAT, load.memory
    assert growth(own) < FLAT, own


def answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/api/v1/search?q=x")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def crawl(store: Store, replica: Replica, number: int) -> None:
    """One round by the worker; something has changed each time, so that the index is written and read anew."""
    node = number % PAGES + 1
    replica.edit(node, title=f"{replica.site.articles[node].title.partition(' lần')[0]} lần {number}")
    with store.write() as connection:
        source = sources.need(connection, "site").id
        jobs.ask(connection, "round", "test", source_id=source, arguments={"full": True})
    while opened(store):
        time.sleep(0.1)
