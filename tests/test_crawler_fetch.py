"""Is a site asked politely, and nobody who must not be asked?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import robots
from crawler.reach import is_public, patience
from crawler.replica.server import Fault, Replica, serve

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
    ("told", "seconds"), [("", 0), ("7", 7), ("Mon, 05 Jan 2026 08:00:30 GMT", 30), ("soon", 0), ("-5", 0)]
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
