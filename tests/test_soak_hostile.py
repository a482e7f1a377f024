"""Does any request, whoever sends it, break the site, hold it up or make it grow?  A long proof, run by `make soak`."""

import gc
import logging
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from werkzeug.test import run_wsgi_app

from crawler.replica.content import articles as bundled
from crawler.replica.server import serve
from indexer import accounts, build
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from indexer.store import Store, articles, open_store, sources
from tests.conftest import add_site, one_round
from tests.fuzz import sender
from tests.hostile import HOSTILE
from tests.long import FLAT, growth, length, pss
from web.app import create_app
from web.server import give_back_what_is_free, read_word_lists

pytestmark = pytest.mark.soak
REQUESTS = length("HOSTILE_REQUESTS", 200_000)
DESCRIBED = REQUESTS // 20  # so many more are made from the description of the API
SECONDS = 5.0
SAMPLES = 200
PASSWORD = "mật khẩu đủ dài"
ROLES = ("", "", "", "researcher", "editor", "admin", "admin")
KNOWN = (
    "1", "788/QĐ-UBND", "788", "section", "year", "bibtex", "vi", "link", "nothing", "Tin tức - Sự kiện",
    "http://soxd.replica.test/", "20240101000000/http://soxd.replica.test/",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An archive that was crawled, with an article in which everything is hostile; it may be destroyed."""
    home = tmp_path / "data"
    with serve(shown=bundled()) as replica:
        add_site(home, replica)
        assert one_round(home, replica)["state"] == "done"
        replica.edit(bundled()[0].node, title="Tiêu đề đã sửa")
        one_round(home, replica, full=True)
    opened = open_store(home)
    with opened.write() as connection:
        source = sources.need(connection, "site")
        articles.save(
            connection, source.id, replace(HOSTILE, address="http://soxd.replica.test/hostile"), HOSTILE.published
        )
        for role in set(ROLES) - {""}:
            accounts.add(connection, role, PASSWORD, role)
    build.update(opened, WhooshEngine(opened.index))
    yield opened
    opened.close()


@pytest.fixture
def app(store: Store) -> Iterator[Flask]:
    """The site as one process of the server has it, what it began with set apart from what may become garbage."""
    chosen = Settings(
        home=store.home, api_requests_per_minute=0, sign_up="open", site_address="https://tin.example.test",
        mail_from="tin@example.test", smtp_host="127.0.0.1", smtp_port=1, smtp_tls="none",
    )  # fmt: skip
    read_word_lists()
    yield create_app(chosen, store, WhooshEngine(store.index))
    gc.unfreeze()


@dataclass(slots=True)
class Session:
    """Who asks: a cookie, and a token that belongs to it. Both are got anew when a request has ended the session."""

    app: Flask
    store: Store
    role: str
    cookie: str = ""
    token: str = ""
    asked: int = 0

    def renew(self) -> None:
        client = self.app.test_client()
        page = client.get("/sign-in").get_data(as_text=True)
        if self.role:
            with self.store.write() as connection:
                account = accounts.find(connection, self.role)
                if account is None or account.disabled_at or account.role != self.role:
                    accounts.add(connection, f"{self.role}{self.asked}", PASSWORD, self.role)
                    account = accounts.find(connection, f"{self.role}{self.asked}")
                accounts.reset(connection, account.name, PASSWORD)
            form = {"name": account.name, "password": PASSWORD, "csrf_token": token_of(page)}
            from_here = {"REMOTE_ADDR": f"10.9.{self.asked // 250 % 250}.{self.asked % 250}"}
            assert client.post("/sign-in", data=form, environ_base=from_here).status_code == 302
            page = client.get("/desk/account").get_data(as_text=True)
        held = client.get_cookie("khotin")
        self.cookie, self.token = f"khotin={held.value}" if held else "", token_of(page)

    def is_good(self) -> bool:
        sent = {"Cookie": self.cookie}
        return not self.role or self.app.test_client(use_cookies=False).get("/desk", headers=sent).status_code == 200


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found[1] if found else ""


@dataclass(slots=True)
class Watch:
    """What came of the requests: every failure and slowness by its request, and how memory went."""

    every: int
    statuses: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    slowest: tuple[float, float, str] = (0.0, 0.0, "")
    memory: list[int] = field(default_factory=list)

    def note_bad(self, told: str) -> None:
        if told not in self.bad:
            self.bad.append(told)
            print(f"\n{told}", flush=True)

    def send(self, app: Flask, environ: dict[str, Any]) -> None:
        told = f"{environ['REQUEST_METHOD'][:20]} {environ['RAW_URI'][:300]} {environ['CONTENT_TYPE'][:60]}"
        began, used = time.perf_counter(), time.thread_time()
        try:
            pieces, status, _ = run_wsgi_app(app, environ, buffered=False)
            for _ in pieces:
                pass
            if hasattr(pieces, "close"):
                pieces.close()
            code = int(status.split()[0])
        except Exception as problem:  # also what breaks while an answer is sent
            self.note_bad(f"{told}: {type(problem).__name__}: {problem}")
            code = 599
        self.slowest = max(self.slowest, (time.thread_time() - used, time.perf_counter() - began, told))
        self.statuses[code] += 1
        if code >= 500 and code != 599:
            self.note_bad(f"{told}: {code}")
        if self.statuses.total() % self.every == 0:
            give_back_what_is_free()  # as the server does every minute
            self.memory.append(pss(os.getpid()))


# Files of requests that break off are closed by Python itself; pytest would keep each, as a warning, with all it holds.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nothing_that_is_sent_breaks_the_site_or_holds_it_up_or_makes_it_grow(
    app: Flask, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL + 1)  # what the fixture would keep of every record is no memory of the site
    watch = Watch(every=max(1, REQUESTS // SAMPLES))
    chosen = sender(int(os.environ.get("HOSTILE_SEED", "7")), app.url_map, KNOWN)
    sessions = [Session(app, store, role) for role in ROLES]
    while watch.statuses.total() < REQUESTS:
        session = chosen.pick.choice(sessions)
        if not session.asked or not session.is_good():
            session.renew()
        for _ in range(20):
            session.asked += 1
            watch.send(app, chosen.request(session.token, session.cookie))
        if watch.statuses.total() % 10_000 == 0:
            told(watch)
    told(watch)
    assert not watch.bad, "\n".join(sorted(set(watch.bad))[:40])
    assert watch.slowest[0] < SECONDS, watch.slowest
    assert abs(growth(watch.memory)) < FLAT, watch.memory


def test_nothing_that_the_description_of_the_api_allows_or_forbids_breaks_it(app: Flask) -> None:
    """As tests/test_web_openapi.py, with many more examples."""
    schema = schemathesis.openapi.from_dict(app.test_client().get("/openapi.json").get_json())
    schema.app = app
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = 0

    def some(operation: Any, mode: schemathesis.GenerationMode, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=100, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=[not_a_server_error])

        ask()

    for number in count():
        for operation, mode in product(operations, schemathesis.GenerationMode):
            some(operation, mode, number)
            if asked >= DESCRIBED:
                print(f"\n{asked} requests from the description of the API")
                return


def told(watch: Watch) -> None:
    grown = f"{growth(watch.memory):+.1%}" if len(watch.memory) > 8 else "not known yet"
    print(
        f"\n{watch.statuses.total()} hostile requests; statuses {dict(sorted(watch.statuses.items()))}; "
        f"slowest {watch.slowest[0]:.2f} s of the processor ({watch.slowest[1]:.2f} s by the clock): "
        f"{watch.slowest[2]}; memory {watch.memory[0] // 1024} to {watch.memory[-1] // 1024} MB, "
        f"by the line {grown}",
        flush=True,
    )
