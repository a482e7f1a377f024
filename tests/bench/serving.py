"""How does the site answer as it ships?  Its start, its memory, and many readers at once on the same processors."""

import http.client
import json
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from indexer.glossary import load
from indexer.query import to_parameters
from indexer.store import open_store
from tests.bench import asked, ours, processes
from tests.bench.asked import Asked
from tests.bench.table import Row, milliseconds, tell
from tests.servers.ports import free_port

SEARCH = "/api/v1/search"
STARTS = 3
# So many searches are asked before memory is read, of each process: two of them share the readers.
SEARCHES, PROCESSES = 200, 2
CLIENTS = {1: 500, 4: 1000, 16: 2000}  # clients -> questions
SECONDS_TO_START = 60
WANTED = {16: "at least 150 searches/s, p95 at most 200 ms"}


def measure(home: Path, seed: int) -> list[Row]:
    paths = [path_of(each) for each in drawn(home, sum(CLIENTS.values()), seed)]
    starts = [first_answer(home, paths[number]) for number in range(STARTS)]
    rows = [
        Row(
            f"first answer after the start of the site (middle of {STARTS})",
            f"{statistics.median(starts):.2f} s",
            wanted="at most 1.5 s",
        )
    ]
    with site(home) as (process, port):
        wait(port, paths[0])
        ask(port, paths[: SEARCHES * PROCESSES], 4)
        each = [processes.private(pid) for pid in processes.tree(process.pid)]
        told = f"{max(each) / 1000:.0f} MB of the largest of {len(each)} processes, {sum(each) / 1000:.0f} MB together"
        rows.append(Row(f"private memory after {SEARCHES} searches", told, wanted="at most 250 MB"))
        begin = 0
        for clients, many in CLIENTS.items():
            tell(f"{clients} clients")
            rows.append(load_of(port, paths[begin : begin + many], clients))
            begin += many
    return rows


def drawn(home: Path, many: int, seed: int) -> list[Asked]:
    store = open_store(home)
    try:
        return asked.questions(store, ours.opened(store), load(), many, seed)
    finally:
        store.close()


def path_of(each: Asked) -> str:
    return f"{SEARCH}?" + urlencode(to_parameters(each.query))


def first_answer(home: Path, path: str) -> float:
    """Seconds from starting the command to the last byte of its first answer."""
    began = time.perf_counter()
    with site(home) as (_, port):
        wait(port, path)
        return time.perf_counter() - began


@contextmanager
def site(home: Path) -> Iterator[tuple[processes.Process, int]]:
    """The site, started as its command starts it; ended with us."""
    port = free_port()
    process = processes.start(home, "web", "--port", str(port))
    try:
        yield process, port
    finally:
        processes.end(process)


def wait(port: int, path: str) -> None:
    """Ask until there is an answer."""
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up:
        with suppress(OSError, http.client.HTTPException), closing(connected(port)) as connection:
            answer(connection, path)
            return
        time.sleep(0.01)
    raise TimeoutError(f"The site did not answer within {SECONDS_TO_START} s.")


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def answer(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{response.status} for {path}")
    return body


def load_of(port: int, paths: Sequence[str], clients: int) -> Row:
    began = time.perf_counter()
    seconds = ask(port, paths, clients)
    rate = len(seconds) / (time.perf_counter() - began)
    name = f"HTTP, {clients} client{'s' if clients > 1 else ''}, {len(seconds)} questions: searches/s; p50 / p95 / p99"
    return Row(name, f"{rate:.0f}/s; {milliseconds(seconds)}", wanted=WANTED.get(clients, ""))


def ask(port: int, paths: Sequence[str], clients: int) -> list[float]:
    """Ask everything once; each client keeps its connection and asks on as soon as it is answered."""
    waiting, lock = iter(paths), Lock()
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda _: list(client(port, shared(waiting, lock))), range(clients)))
    return [each for part in parts for each in part]


def shared(waiting: Iterator[str], lock: Lock) -> Iterator[str]:
    while True:
        with lock:
            path = next(waiting, None)
        if path is None:
            return
        yield path


def client(port: int, paths: Iterable[str]) -> Iterator[float]:
    connection = connected(port)
    for path in paths:
        began = time.perf_counter()
        try:
            answer(connection, path)
        except (http.client.RemoteDisconnected, ConnectionError):  # an idle connection was closed: a new one
            connection.close()
            answer(connection, path)
        yield time.perf_counter() - began
    connection.close()


def total(port: int, path: str) -> int:
    with closing(connected(port)) as connection:
        return int(json.loads(answer(connection, path))["total"])
