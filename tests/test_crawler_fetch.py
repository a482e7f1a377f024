"""Is a site asked politely, and nobody who must not be asked?"""

import json
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.address import IPv4Address

from crawler import robots
from crawler.connect import CheckedResolver, Manners
from crawler.reach import is_public, patience
from crawler.replica.server import Fault, Replica, serve
from indexer.errors import KhotinError
from indexer.store.warc import Captured, unpacked

ROOT = Path(__file__).parent.parent
# A reactor starts once in a process, so each test asks from a process of its own.
PROGRAM = """
import json, sys
from crawler import fetch
from indexer.settings import Settings

addresses, settings, allow, headers = json.loads(sys.argv[1])
settings["resolve"] = tuple(settings["resolve"])
polite = fetch.manners(Settings(**settings), allow_private=allow)
ports = []

def take(ask, answer):
    got = answer.captured
    told = {"problem": str(answer.problem or "")}
    if got:
        told |= {"line": got.status_line, "headers": got.headers, "bytes": len(got.payload)}
    if not ports:
        for line in open("/proc/self/net/tcp").read().splitlines()[1:]:
            ports.append(line)
    print(json.dumps(told))

def listening():
    import os, re
    open_files = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    mine = {os.readlink(file) for file in open_files if os.path.islink(file)}
    return [line for line in ports if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in mine]

fetch.run((fetch.Ask(each, headers) for each in addresses), take, polite)
print(json.dumps(len(listening())))
"""


@pytest.fixture
def replica() -> Iterator[Replica]:
    with serve(faults={"/huge": Fault("too_big", 30_000_000), "/busy": Fault("status", 503, 1, 1)}) as running:
        yield running


def ask(replica: Replica, *addresses: str, allow: bool = False, **headers: str) -> list[dict[str, Any]]:
    """The answers to some addresses; the last entry says how many ports the crawler listens on."""
    settings = {"resolve": [replica.resolve], "delay_seconds": 0, "timeout_seconds": 5, "contact": "mailto:a@b.test"}
    words = json.dumps([addresses, settings, allow, headers])
    done = subprocess.run([sys.executable, "-c", PROGRAM, words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_fixed_name_is_reached_and_the_crawler_says_who_it_is(replica: Replica) -> None:
    page, ports = ask(replica, replica.url)
    assert page["line"] == "HTTP/1.1 200 OK"
    assert dict(map(tuple, page["headers"]))["Content-Type"] == "text/html; charset=UTF-8"
    assert replica.log[-1].agent.startswith("Khotin/")
    assert replica.log[-1].agent.endswith("(+mailto:a@b.test)")
    assert ports == 0


def test_a_page_sent_with_no_cache_is_asked_for_with_our_own_condition(replica: Replica) -> None:
    first = ask(replica, replica.url)[0]
    etag = dict(map(tuple, first["headers"]))["ETag"]
    again = ask(replica, replica.url, **{"If-None-Match": etag})[0]
    assert again["line"].split()[1] == "304"
    assert again["bytes"] == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "169.254.169.254"])
def test_private_addresses_are_refused_whatever_they_are_called(replica: Replica, host: str) -> None:
    told = ask(replica, f"http://{host}:{replica.port}/")[0]
    assert "private network" in told["problem"]
    assert replica.log == []


SPELLINGS = (
    "017700000001", "0177.0.0.1", "0x7f000001", "127.1", "127.0.1", "0", "0.0.0.0", "localhost.", "①②⑦.0.0.1",
    "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25lo]", "[::1%25lo]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]",
)  # fmt: skip


def test_no_spelling_of_an_address_leads_to_this_machine(replica: Replica) -> None:
    *told, ports = ask(replica, *(f"http://{host}:{replica.port}/" for host in SPELLINGS))
    assert len(told) == len(SPELLINGS) and ports == 0
    assert [host for host, each in zip(SPELLINGS, told, strict=True) if not each["problem"]] == []
    assert replica.log == []


class Names:
    """A resolver whose answer changes from one question to the next, and one who listens to it."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers, self.heard = list(answers), list[str]()

    def resolveHostName(self, receiver: Any, name: str, *more: Any, **named: Any) -> Any:
        for each in self.answers.pop(0):
            receiver.addressResolved(IPv4Address("TCP", each, 80))
        receiver.resolutionComplete()
        return receiver

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: Any) -> None:
        self.heard.append(address.host)

    def resolutionComplete(self) -> None: ...


def test_a_name_that_changes_its_answer_is_judged_by_each_answer() -> None:
    polite = Manners(0, 5, 1000, "Khotin", {}, allow_private=False)
    names = Names(("8.8.8.8",), ("10.0.0.1", "8.8.4.4"), ("127.0.0.1",))
    for _ in range(3):
        CheckedResolver(names, polite).resolveHostName(names, "so.vn")
    assert names.heard == ["8.8.8.8", "8.8.4.4"]
    assert polite.refused == {"so.vn"}


class Endless(BaseHTTPRequestHandler):
    """Sends for ever: bytes, or a few now and then, or a small file that unpacks to a large one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with suppress(OSError):
            for _ in range(100_000):
                self.wfile.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n" if self.path == "/fast" else b"1\r\nx\r\n")
                time.sleep(0 if self.path == "/fast" else 0.05)

    def log_message(self, format: str, *args: Any) -> None: ...


def test_answers_without_end_are_cut_by_their_size_or_their_time(replica: Replica) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        place = f"http://127.0.0.1:{server.server_address[1]}"
        fast, slow, home, _ = ask(replica, f"{place}/fast", f"{place}/slow", replica.url, allow=True)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "larger than" in fast["problem"]
    assert "did not answer within" in slow["problem"]
    assert home["line"].split()[1] == "200"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_page_that_unpacks_without_end_is_not_unpacked(packing: str) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16 if packing == "gzip" else zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    headers = (("Content-Encoding", packing),)
    page = Captured("http://so.vn/", datetime(2026, 1, 5, tzinfo=UTC), "HTTP/1.1 200 OK", headers, bomb)
    with pytest.raises(KhotinError, match="unpacks to more than"):
        unpacked(page, 1_000_000)


def test_a_source_may_allow_its_own_network(replica: Replica) -> None:
    told = ask(replica, f"http://127.0.0.1:{replica.port}/", allow=True)[0]
    assert told["line"] == "HTTP/1.1 200 OK"


def test_troubles_are_told_in_a_sentence_and_the_rest_is_fetched(replica: Replica) -> None:
    huge, unknown, busy, home, _ = ask(
        replica, replica.url + "huge", "http://no.such.invalid/", replica.url + "busy", replica.url
    )
    assert "larger than" in huge["problem"]
    assert "no host named no.such.invalid" in unknown["problem"]
    assert [each.status for each in replica.log if each.path == "/busy"] == [503, 404]
    assert busy["line"].split()[1] == "404"
    assert home["line"].split()[1] == "200"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("", 0),
        ("7", 7),
        ("Mon, 05 Jan 2026 08:00:30 GMT", 30),
        ("soon", 0),
        ("-5", 0),
        ("²", 0),
        ("Mon, 05 Jan 2026 08:00:30 +99999999999999999", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(told: str, seconds: float) -> None:
    assert patience(told, datetime(2026, 1, 5, 8, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("status", "body", "allowed", "delay"),
    [
        (200, b"User-agent: *\nDisallow: /admin/\nCrawl-delay: 3", False, 3),
        (200, b"User-agent: khotin\nDisallow: /\n\nUser-agent: *\nDisallow:", False, 0),
        (200, b"User-agent: *\nCrawl-delay: 86400", True, 60),
        (200, b"<!DOCTYPE html><html><body>User-agent: *\nDisallow: /</body></html>", True, 0),
        (404, b"User-agent: *\nDisallow: /", True, 0),
    ],
)
def test_robots_txt_is_obeyed_with_its_delay(status: int, body: bytes, allowed: bool, delay: float) -> None:
    rules = robots.read(status, body)
    assert rules.allows("http://soxd.replica.test/admin/x") is allowed
    assert rules.delay == delay
