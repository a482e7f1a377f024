"""How is the replica site served?  Real HTTP on loopback, with a log, faults on demand, and changes while it runs."""

import hashlib
import json
import ssl
import sys
import threading
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, mktime_tz, parsedate_tz
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawler.replica import drupal, edges, habits, portal
from crawler.replica.content import ReplicaArticle, Site, articles, fields, read
from crawler.replica.pages import Answer, Asked, Moment
from indexer import clock

CONTROL = "/_replica/"
# Host name -> how that host shows the site.
FLAVOURS: Mapping[str, Callable[[Site, Asked], Answer]] = {
    drupal.HOST: drupal.answer,
    edges.HOST: edges.answer,
    **portal.FLAVOURS,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in, and the status of its answer."""

    time: float
    method: str
    path: str
    agent: str
    status: int
    conditional: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with paths that begin in a certain way, so often (0 = always)."""

    kind: str  # status, slow, hang, too_big, html_as_pdf, broken_pdf, waf, bad_length, bad_gzip
    value: float = 0
    count: int = 0
    retry_after: int = 0


@dataclass(slots=True)
class Replica:
    """A running replica: where it listens, what it was asked, and how to change what it shows."""

    site: Site
    port: int = 0
    host: str = drupal.HOST
    log: list[Request] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    habits: frozenset[str] = frozenset()  # what the whole site does wrong: keys of crawler.replica.habits.HABITS
    used: dict[str, int] = field(default_factory=dict)
    now: datetime | None = None
    scheme: str = "http"
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)  # changes come from several threads

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}/"

    @property
    def resolve(self) -> str:
        """The setting with which a crawler finds this replica under its fixed name."""
        return f"{self.host}=127.0.0.1:{self.port}"

    def address(self, node: int) -> str:
        """The canonical address of an article."""
        return f"{self.scheme}://{self.host}{drupal.address(self.site, self.site.articles[node])}"

    def edit(self, node: int, **changes: Any) -> None:
        """Change an article, as its editor would."""
        with self.lock:
            known, now = self.site.articles[node], self.now or clock.now()
            self.site.put(replace(known, edited=known.edited + 1, changed=now, **changes))

    def add(self, article: ReplicaArticle) -> None:
        """Publish a new article."""
        with self.lock:
            self.site.put(article)

    def unpublish(self, node: int) -> None:
        """Take an article down; its addresses answer 404 from now on."""
        with self.lock:
            self.site.remove(node)

    def fault_at(self, path: str) -> Fault | None:
        with self.lock:
            for start, fault in list(self.faults.items()):
                if path.startswith(start) and (not fault.count or self.used.get(start, 0) < fault.count):
                    self.used[start] = self.used.get(start, 0) + 1
                    return fault
        return None


@dataclass(frozen=True, slots=True)
class Tls:
    """How a replica speaks https: the file with its key and certificates, and whether it knows only an old protocol."""

    file: Path
    old: bool = False

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.old:
            made.set_ciphers("DEFAULT:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # that is what it is to show
                made.minimum_version = ssl.TLSVersion.TLSv1
                made.maximum_version = ssl.TLSVersion.TLSv1_1
        made.load_cert_chain(self.file)
        return made


@contextmanager
def serve(
    port: int = 0,
    shown: Sequence[ReplicaArticle] | None = None,
    faults: Mapping[str, Fault] | None = None,
    host: str = drupal.HOST,
    bad_habits: Collection[str] = (),
    tls: Tls | None = None,
) -> Iterator[Replica]:
    """A replica in a thread of this process, for as long as the block lasts; port 0 takes a free one. ``host`` says
    which system shows the site, ``bad_habits`` what it does wrong, ``tls`` that it speaks https."""
    chosen = articles() if shown is None else shown
    replica = Replica(
        Site({each.node: each for each in chosen}), host=host, faults=dict(faults or {}), habits=frozenset(bad_habits)
    )
    server = Server(port, replica)
    replica.port = server.server_address[1]
    if tls:
        replica.scheme = "https"
        server.socket = tls.context().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="replica")
    thread.start()
    try:
        yield replica
    finally:
        replica.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Server(ThreadingHTTPServer):
    """The listening end of a replica."""

    daemon_threads = True

    def __init__(self, port: int, replica: Replica) -> None:
        self.replica = replica
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here: crawlers do it to slow and endless answers."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection to the replica."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""

    @property
    def replica(self) -> Replica:
        return self.server.replica

    def do_GET(self) -> None:
        if self.path == CONTROL + "log":
            return self.tell(200, [asdict(each) for each in self.replica.log])
        fault = self.replica.fault_at(self.path)
        if fault and fault.kind in ("slow", "hang"):
            self.replica.stopped.wait(fault.value if fault.kind == "slow" else 3600)
        answer = broken(fault) if fault else None
        return self.send(answer or self.answer(), fault)

    do_HEAD = do_GET  # noqa: N815  the names that http.server asks for

    def do_POST(self) -> None:
        """A form, or an order to a replica that runs in another process."""
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if not self.path.startswith(CONTROL):
            return self.send(self.answer(dict(parse_qsl(body.decode()))), None)
        try:
            steer(self.replica, self.path, json.loads(body or b"{}"))
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            return self.tell(400, {"problem": f"{type(problem).__name__}: {problem}"})
        return self.tell(200, {})

    def answer(self, form: dict[str, str] | None = None) -> Answer:
        show = FLAVOURS.get((self.headers["Host"] or "").split(":")[0], drupal.answer)
        parts = urlsplit(self.path)
        moment = Moment(self.replica.now or clock.now(), len(self.replica.log) + 1)
        asked = Asked(parts.path, dict(parse_qsl(parts.query)), form or {}, moment)
        return habits.shown(self.replica.habits, asked, lambda wanted: show(self.replica.site, wanted))

    def send(self, answer: Answer, fault: Fault | None) -> None:
        status = 304 if held(answer, self.headers) else answer.status
        self.note(status)
        self.send_response(status)
        if answer.stamp:
            self.send_header("ETag", etag(answer))
        if answer.changed:
            self.send_header("Last-Modified", format_datetime(answer.changed.astimezone(UTC), usegmt=True))
        else:
            self.send_header("Cache-Control", "no-cache")
        if fault and fault.retry_after:
            self.send_header("Retry-After", str(fault.retry_after))
        if status != 304:
            self.send_header("Content-Type", answer.media_type)
            spare = 99 if fault and fault.kind == "bad_length" else 0  # never sent: the answer breaks off
            self.send_header("Content-Length", str(len(answer.body) + spare))
            self.close_connection = bool(spare)
            if fault and fault.kind == "bad_gzip":
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(answer.body)

    def note(self, status: int) -> None:
        agent = self.headers["User-Agent"] or ""
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.replica.log.append(Request(time.time(), self.command, self.path, agent, status, conditional))

    def tell(self, status: int, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `replica.log`; nothing goes to the terminal."""


def etag(answer: Answer) -> str:
    return '"' + hashlib.sha256(answer.stamp.encode()).hexdigest()[:20] + '"'


def held(answer: Answer, asked: Message) -> bool:
    """Does the client hold this answer already?  Where it names an ETag, its date does not count."""
    if answer.status != 200 or not answer.stamp:
        return False
    tags = asked["If-None-Match"]
    if tags is not None:
        return tags.strip() == "*" or etag(answer) in {each.strip().removeprefix("W/") for each in tags.split(",")}
    since = parsedate_tz(asked["If-Modified-Since"] or "")
    return bool(since and answer.changed and int(answer.changed.timestamp()) <= mktime_tz(since))


def steer(replica: Replica, path: str, given: dict[str, Any]) -> None:
    match path.removeprefix(CONTROL):
        case "edit":
            replica.edit(int(given.pop("node")), **fields(given))
        case "add":
            replica.add(read(given))
        case "unpublish":
            replica.unpublish(int(given["node"]))
        case "stop":
            replica.stopped.set()
        case _:
            raise ValueError(f"{path} takes no orders; {CONTROL}edit, add, unpublish and stop do")


def broken(fault: Fault | None) -> Answer | None:
    """What a faulty path answers instead of its page; None when it only came late."""
    if fault is None or fault.kind in ("slow", "hang"):
        return None
    if fault.kind == "status":
        return Answer(int(fault.value), "text/html", b"<h1>Service Unavailable</h1>")
    if fault.kind == "waf":
        page = (
            "<html><title>Request Rejected</title><body>The requested URL was rejected. Your support ID is: 4711</body>"
        )
        return Answer(200, "text/html; charset=UTF-8", page.encode())
    if fault.kind in ("bad_length", "bad_gzip"):
        return Answer(200, "text/html; charset=UTF-8", b"<html><body><p>" + b"x" * 400)
    if fault.kind == "too_big":
        return Answer(200, "text/html; charset=UTF-8", b"<p>x</p>" * (int(fault.value) // 8))
    if fault.kind == "html_as_pdf":
        return Answer(200, "application/pdf", "<html><body>Không tìm thấy tệp</body></html>".encode())
    return Answer(200, "application/pdf", b"%PDF-1.5\nbroken")
