"""Does a reader who saves a search hear of what comes in, by feed and by e-mail, until she has had enough?"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser, expect

from indexer.store import open_store
from tests.conftest import put_clock
from tests.mailing import Sink, mail_server
from tests.patience import wait_for
from tests.servers.ports import free_port
from tests.test_browser import ROOT, browser, opened, served  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SETTINGS = """
site_address = "http://127.0.0.1:{port}"
sign_up = "open"
smtp_host = "127.0.0.1"
smtp_port = {smtp}
smtp_tls = "none"
mail_from = "kho@example.org"
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A running site with its worker, a mail server, and a clock that can be set."""

    address: str
    sink: Sink
    home: Path
    environment: dict[str, str]

    def khotin(self, *words: str) -> None:
        command = [sys.executable, "-m", "khotin", "--home", str(self.home), *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def take_in(self, title: str) -> None:
        line = {"id": title, "title": title, "body": title, "source": "soxd"}
        file = self.home / "news.jsonl"
        file.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
        self.khotin("import", str(file))

    def set_clock(self, moment: datetime) -> None:
        put_clock(Path(self.environment["KHOTIN_CLOCK_FILE"]), moment)

    def feed_titles(self, path: str | None) -> list[str]:
        with urllib.request.urlopen(f"{self.address}{path}") as answered:
            return [each.title for each in feedparser.parse(answered.read()).entries]

    def letter(self, count: int) -> str:
        wait_for(lambda: len(self.sink.mails) >= count, f"letter {count}")
        return self.sink.texts()[count - 1]


def link(text: str, path: str) -> str:
    return next(each for each in text.split() if f"/{path}/" in each)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    home, port = tmp_path / "data", free_port()
    open_store(home, create=True).close()
    with mail_server() as sink:
        (home / "khotin.toml").write_text(SETTINGS.format(port=port, smtp=sink.port), encoding="utf-8")
        made = Place(
            f"http://127.0.0.1:{port}", sink, home, os.environ | {"KHOTIN_CLOCK_FILE": str(tmp_path / "clock")}
        )
        made.set_clock(BEGIN)
        made.take_in("Giá cát tháng 1")
        with served(home, "serve", port, **made.environment):
            yield made


def test_a_saved_search_is_told_by_feed_and_mail_until_one_click(place: Place, browser: Browser) -> None:  # noqa: F811
    page = opened(browser, 360, java_script_enabled=False)
    page.goto(f"{place.address}/sign-up?lang=en")
    page.get_by_label("User name").fill("lan")
    page.get_by_label("Password").fill("một mật khẩu dài")
    page.get_by_label("E-mail address").fill("lan@example.org")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_text("lan@example.org is not confirmed yet")).to_be_visible()

    page.goto(link(place.letter(1), "confirm"))
    page.get_by_role("button", name="Yes, confirm").click()
    expect(page.get_by_role("heading", name="Confirmed")).to_be_visible()

    page.goto(f"{place.address}/search?q=cau+thac+mo")
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Once a day").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("e-mail once a day")).to_be_visible()
    feed = page.get_by_role("link", name="Atom feed").get_attribute("href")

    title = "Khánh thành cầu Thác Mơ <b>mới</b>"
    place.take_in(title)
    wait_for(lambda: place.feed_titles(feed) == [title], "the feed to tell of it")

    place.set_clock(BEGIN + timedelta(days=1))
    text = place.letter(2)
    assert f"* {title}\n" in text and "Giá cát" not in text
    page.goto(f"{place.address}/sign-in?lang=en")  # a day has gone by
    page.get_by_label("Name").fill("lan")
    page.get_by_label("Password").fill("một mật khẩu dài")
    page.get_by_role("button", name="Sign in").click()
    page.goto(link(text, "articles"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("link", name="Keep").click()
    page.get_by_label("Name of a new collection").fill("Cầu")
    page.get_by_label("Note").fill("ngày khánh thành")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("ngày khánh thành")).to_be_visible()

    one_click = str(place.sink.mails[1]["List-Unsubscribe"]).strip("<>")
    urllib.request.urlopen(one_click, data=b"List-Unsubscribe=One-Click").close()
    page.goto(f"{place.address}/desk")
    expect(page.get_by_text("no e-mails")).to_be_visible()
    assert len(place.sink.mails) == 2
