"""Is nothing of a destroyed article left in any file, and everything else as it was?"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.replica.content import articles as written
from crawler.replica.server import Replica, serve
from indexer import access, accounts, build, clock, destroy, imports, jobs, learn
from indexer.article import Article
from indexer.destroy import Decided
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import Store, articles, captures, collections, open_store, requests, sources
from tests import raw
from tests.conftest import add_site, one_round

SHOWN = sorted(written(), key=lambda each: not (each.images and each.attachments))[:6]
EDITED = next(each for each in SHOWN if each.images and each.attachments)
ADDED = "Dòng chữ zyxthêm được viết vào bài sau khi bài này đã đăng lần đầu."
IMPORTED = {
    "id": "cũ-7",
    "url": "http://cu.example.test/tin/7",
    "title": "Ông Trần Zyxvăn Bảy bị nêu tên trong bản tin cũ",
    "body": "Bản tin cũ nêu tên ông Trần Zyxvăn Bảy ở thôn Zyxđồi cùng số điện thoại của gia đình ông. " * 8,
    "source": "cu",
}
DECIDED = Decided("12/QĐ-SXD", date(2026, 1, 5), "Giám đốc", "Luật số 91/2025/QH15, Điều 14")
QUESTIONS = ("xây dựng", "quy hoạch", "nhà ở xã hội", "zyxkhac", "thông báo")


@dataclass(frozen=True, slots=True)
class Held:
    """An archive that saw a site change, with imports and all that people leave beside the articles."""

    home: Path
    store: Store
    engine: WhooshEngine
    crawled: int
    imported: int


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Replica]]:
    home = tmp_path_factory.mktemp("filled") / "data"
    with serve(shown=SHOWN) as replica:
        add_site(home, replica)
        one_round(home, replica)
        replica.edit(EDITED.node, body=f"{EDITED.body}\n\n{ADDED}")
        one_round(home, replica, full=True)
        store = open_store(home)
        leave_traces(store, replica.address(EDITED.node))
        engine = WhooshEngine(store.index)
        build.update(store, engine)
        learn.learn(store, engine, engine.columns())
        store.close()
        yield home, replica


def leave_traces(store: Store, address: str) -> None:
    lines = [IMPORTED, IMPORTED | {"id": "cũ-8", "url": "", "title": "Tin zyxkhac", "body": "Một tin zyxkhac."}]
    file = store.home.parent / "cu.jsonl"
    file.write_text("\n".join(map(__import__("json").dumps, lines)), encoding="utf-8")
    assert imports.import_file(store, file).new == 2
    with store.write() as connection:
        for quoted in (IMPORTED["title"], EDITED.title):
            number = jobs.ask(connection, "round", "test")
            assert number
            jobs.say(connection, number, f"new: {quoted}")
            jobs.finish(connection, number, "done", {"samples": [quoted]}, f"Không đọc được “{quoted}”")
            access.decide(connection, "lan", "answer report", "report 1", quoted, {"title": quoted}, {"title": ""})
        accounts.add(connection, "lan", "mật khẩu đủ dài", "researcher")
        person = accounts.need(connection, "lan")
        kept = articles.find(connection, address)
        assert kept
        mine = collections.add(connection, person.id, f"Về {EDITED.title}")
        collections.put(connection, mine, kept.id, f"Đọc lại: {EDITED.body[:300]}", [])


@pytest.fixture
def held(filled: tuple[Path, Replica], tmp_path: Path) -> Iterator[Held]:
    home = tmp_path / "data"
    shutil.copytree(filled[0], home)
    store = open_store(home)
    with store.read() as connection:
        crawled = articles.find(connection, filled[1].address(EDITED.node))
        imported = articles.find(connection, str(IMPORTED["url"]))
    assert crawled and imported and crawled.versions == 2
    yield Held(home, store, WhooshEngine(store.index), crawled.id, imported.id)
    store.close()


def own_runs(held: Held, number: int) -> set[tuple[str, ...]]:
    """Any five successive words of an article that stand in no other."""
    with held.store.read() as connection:
        others = [each for each in articles.after(connection, 0, 1000) if each.id != number]
        mine, rest = told(connection, number), [told(connection, each.id) for each in others]
    return mine - set().union(*rest)


def told(connection: Any, number: int) -> set[tuple[str, ...]]:
    kept = articles.get(connection, number)
    assert kept
    found = set()
    for each in (kept.article, *articles.history(connection, number)):
        said = [each.title, each.lead, each.body, *each.captions]
        said += [text for file in each.attachments for text in (file.name, file.text)]
        found |= set().union(*map(raw.runs, said))
    return found


def left_in(home: Path, wanted: set[tuple[str, ...]], words: tuple[str, ...] = ()) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in raw.texts(home):
        met = [" ".join(run) for run in raw.runs(text) & wanted]
        met += [word for word in words if word in text.casefold()]
        if met:
            found.setdefault(name, []).extend(met[:3])
    return found


def wish(held: Held, number: int) -> int:
    with held.store.write() as connection:
        return destroy.wish(connection, number, "admin", DECIDED)


def answers(held: Held, but: set[int]) -> list[list[int]]:
    columns = held.engine.columns()
    found = (search(Query(q=each, per_page=100), held.store, columns, load()) for each in QUESTIONS)
    return [[hit.kept.id for hit in results.hits if hit.counted and hit.kept.id not in but] for results in found]


def test_nothing_of_a_destroyed_article_is_in_any_file_and_all_else_is_as_it_was(held: Held) -> None:
    gone = {held.crawled, held.imported}
    wanted = own_runs(held, held.crawled) | own_runs(held, held.imported)
    words = ("zyxthêm", "zyxvăn", "zyxđồi")
    before = answers(held, gone)
    met = left_in(held.home, wanted, words)
    assert {"khotin.db", "warc/round-000001.warc.gz"} <= set(met)
    assert any(name.endswith("terms.trie") for name in met)
    for number in gone:
        destroy.carry_out(held.store, held.engine, wish(held, number))
    assert left_in(held.home, wanted, words) == {}
    assert answers(held, set()) == before
    assert build.check(held.store, held.engine) == []
    whole(held.store)


def whole(store: Store) -> None:
    """Every capture can be read, and says what its row says of it."""
    with store.read() as connection:
        every_source = sources.every(connection)
    for source in every_source:
        for each in captures.every(store, source.id):
            captured = captures.read(store, each)
            assert (captured.digest, captured.address) == (each.digest, each.address)
            assert len(captured.payload) == each.bytes


_ = (UTC, datetime, clock, requests, Article, one_round)
