"""Is nothing of a destroyed article left in any file, and everything else as it was?"""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

import khotin
from crawler.replica.content import articles as written
from crawler.replica.server import Replica, serve
from indexer import access, accounts, backup, build, clock, correcting, destroy, imports, jobs, learn, leases
from indexer import restore as bringing
from indexer.article import Article
from indexer.asked import Heard
from indexer.destroy import Decided
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import (
    Store,
    articles,
    captures,
    collections,
    destructions,
    open_store,
    questions,
    rewriting,
    sources,
)
from indexer.worker import ask_to_destroy
from tests import raw
from tests.conftest import Archive, add_site, copy_archive, one_round

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
CORRECTED = "Tóm tắt zyxđính lại cho khớp với văn bản đã được ký ban hành."
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


@dataclass(frozen=True, slots=True)
class Filled:
    """The archive that the tests copy, and the site that it was crawled from."""

    home: Path
    replica: Replica
    address: str


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
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
        yield Filled(home, replica, replica.address(EDITED.node))


def leave_traces(store: Store, address: str) -> None:
    other = IMPORTED | {"id": "cũ-8", "url": "", "title": "Tin zyxkhac", "body": "Một tin zyxkhac."}
    assert take_in(store, IMPORTED, other).new == 2
    with store.write() as connection:
        for quoted in (IMPORTED["title"], EDITED.title):
            number = jobs.ask(connection, "round", "test")
            assert number
            jobs.say(connection, number, f"new: {quoted}")
            jobs.say(connection, number, "new: %(title)s", {"title": quoted})
            questions.note(connection, [Heard(str(quoted), clock.now(), True, 0.1, "x")])
            jobs.finish(connection, number, "done", {"samples": [quoted]}, f"Không đọc được “{quoted}”")
            access.decide(connection, "lan", "answer report", "report 1", quoted, {"title": quoted}, {"title": ""})
        accounts.add(connection, "lan", "mật khẩu đủ dài", "researcher")
        person = accounts.need(connection, "lan")
        kept = articles.find(connection, address)
        assert kept
        mine = collections.add(connection, person.id, f"Về {EDITED.title}")
        correcting.correct(connection, kept, "lead", CORRECTED, "Người nhập liệu đã ghi nhầm phần này.", "lan")
        collections.put(connection, mine, kept.id, f"Đọc lại: {EDITED.body[:300]}", [])


def take_in(store: Store, *lines: dict[str, str]) -> imports.Report:
    file = store.home.parent / "cu.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return imports.import_file(store, file)


@pytest.fixture
def held(filled: Filled, tmp_path: Path) -> Iterator[Held]:
    home = tmp_path / "held"
    copy_archive(filled.home, home)
    store = open_store(home)
    with store.read() as connection:
        crawled = articles.find(connection, filled.address)
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
    words = ("zyxthêm", "zyxvăn", "zyxđồi", "zyxđính")
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


def test_killed_at_any_point_it_leaves_old_or_new_and_the_next_one_ends_it(held: Held) -> None:
    wanted, words = own_runs(held, held.crawled), ("zyxthêm",)
    number = wish(held, held.crawled)
    reached = held.home.parent / "reached"
    reached.touch()
    while killed_at_a_new_point(held.home, number, reached):
        whole(held.store)
    points = reached.read_text(encoding="utf-8").splitlines()
    assert len(points) >= 14
    assert any(each.endswith("written aside") for each in points) and any(each.endswith("swapped") for each in points)
    assert left_in(held.home, wanted, words) == {}
    assert build.check(held.store, held.engine) == []
    assert {each.name for each in held.store.warc.iterdir()} == set(named_files(held.store))


def named_files(store: Store) -> list[str]:
    with store.read() as connection:
        return rewriting.files(connection)


def killed_at_a_new_point(home: Path, number: int, reached: Path) -> bool:
    """Go on with a destruction in a process of its own that is killed at the first point none came to before."""
    child = started(home, number, partial(die_at_a_new_point, reached))
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def die_at_a_new_point(reached: Path, point: str) -> None:
    if point not in reached.read_text(encoding="utf-8").splitlines():
        with reached.open("a", encoding="utf-8") as file:
            file.write(f"{point}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def started(home: Path, number: int, reach: Callable[[str], object]) -> Any:
    """A process of its own that goes on with a destruction, forked from one without threads."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["indexer.destroy"])
    child = context.Process(target=go_on, args=(home, number, reach))
    child.start()
    return child


def go_on(home: Path, number: int, reach: Callable[[str], object]) -> None:
    store = open_store(home)
    destroy.carry_out(store, WhooshEngine(store.index), number, reach)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_killed_at_any_moment_it_leaves_old_or_new(held: Held, seed: int) -> None:
    wanted, chance = own_runs(held, held.crawled), Random(seed)
    number = wish(held, held.crawled)
    while True:
        child = started(held.home, number, len)
        child.join(chance.uniform(0.05, 3.0))
        child.kill()
        child.join()
        whole(held.store)
        if child.exitcode == 0:
            break
    assert left_in(held.home, wanted) == {}
    assert build.check(held.store, held.engine) == []


def test_neither_a_crawl_nor_an_import_brings_it_back(held: Held, filled: Filled) -> None:
    wanted = own_runs(held, held.crawled) | own_runs(held, held.imported)
    for each in (held.crawled, held.imported):
        destroy.carry_out(held.store, held.engine, wish(held, each))
    asked = len(filled.replica.log)
    report = one_round(held.home, filled.replica, full=True)
    assert (report["state"], report["new"]) == ("done", 0)
    asked_for = {request.path for request in filled.replica.log[asked:]}
    path = urlsplit(filled.address).path
    assert path not in asked_for and len(asked_for) > 5
    lines = [IMPORTED, IMPORTED | {"id": "neu", "url": "https://cu.example.test/tin/7/"}]
    lines.append(IMPORTED | {"id": "neu", "url": "http://cu.example.test/tin/9"})
    for line in lines:
        told = take_in(held.store, line)
        assert told.new == 0 and told.bad_lines == 1
        assert "12/QĐ-SXD" in told.bad[0][1]
    build.update(held.store, held.engine)
    assert left_in(held.home, wanted) == {}, "lists that still tell of it are kept without that"
    with held.store.read() as connection:
        assert not destructions.own_captures(connection, [held.crawled], {filled.address}, ())
    assert build.check(held.store, held.engine) == []
    whole(held.store)


def test_an_older_archive_forgets_it_too(held: Held, filled: Filled, tmp_path: Path) -> None:
    """As when a backup from before the decision is restored, with the list of what was destroyed laid in."""
    wanted = own_runs(held, held.crawled) | own_runs(held, held.imported)
    for each in (held.crawled, held.imported):
        destroy.carry_out(held.store, held.engine, wish(held, each))
    told = (held.home / destroy.LIST).read_text(encoding="utf-8")
    assert not raw.runs(told) & wanted
    older = tmp_path / "older"
    copy_archive(filled.home, older)
    shutil.copy(held.home / destroy.LIST, older / destroy.LIST)
    store = open_store(older)
    engine = WhooshEngine(store.index)
    assert destroy.again(store, engine) == 2
    whole(store)
    assert destroy.again(store, engine) == 0
    with store.read() as connection:
        assert sum(each.destroyed_at is not None for each in articles.after(connection, 0, 100)) == 2
    store.close()
    assert left_in(older, wanted) == {}


def test_a_backup_from_before_the_decision_does_not_bring_it_back(held: Held, tmp_path: Path) -> None:
    wanted = own_runs(held, held.crawled) | own_runs(held, held.imported)
    older = tmp_path / "older.tar"
    backup.make(held.store, older)
    for each in (held.crawled, held.imported):
        destroy.carry_out(held.store, held.engine, wish(held, each))
    held.store.close()
    assert bringing.restore(older, held.home, over=True).destroyed == 2
    assert left_in(held.home, wanted) == {}
    store = open_store(held.home)
    assert build.check(store, WhooshEngine(store.index)) == []
    whole(store)
    store.close()


def test_an_archive_that_never_held_it_refuses_it(held: Held, store: Store, engine: WhooshEngine) -> None:
    destroy.carry_out(held.store, held.engine, wish(held, held.imported))
    shutil.copy(held.home / destroy.LIST, store.home / destroy.LIST)
    assert take_in(store, IMPORTED | {"id": "khác", "title": "Tin khác", "url": "http://khac.test/1"}).new == 1
    build.update(store, engine)
    assert destroy.again(store, engine) == 0
    assert take_in(store, IMPORTED).bad_lines == 1
    with store.read() as connection:
        kept = articles.get(connection, 1)
    assert kept and kept.destroyed_at is None


def test_it_is_destroyed_from_the_command_line(held: Held) -> None:
    decided = ["--decision", "12/QĐ-SXD", "--decided-on", "05/01/2026", "--signed-by", "Giám đốc", "--reason", "Luật"]
    command = ["--home", str(held.home), "article", "destroy", str(IMPORTED["url"]), *decided]
    refused = CliRunner().invoke(khotin.main, command, input="n\n")
    assert refused.exit_code == 1
    done = CliRunner().invoke(khotin.main, [*command, "--yes"])
    assert done.exit_code == 0, done.output
    with held.store.read() as connection:
        kept, wished = articles.get(connection, held.imported), destructions.every(connection)
    assert kept and kept.destroyed_at and kept.article.title == "" and kept.article.address == IMPORTED["url"]
    assert [each.decided_on for each in wished] == [date(2026, 1, 5)]


def test_the_worker_goes_on_with_what_was_left(archive: Archive, set_clock: Callable[[datetime], None]) -> None:
    set_clock(datetime(2026, 1, 6, tzinfo=UTC))
    number = archive.put(Article("http://soxd.replica.test/1", title="Một tin"))[0]
    with archive.store.write() as connection:
        wished = destroy.wish(connection, number, "admin", DECIDED)
        job = jobs.claim(connection, "short", "one that dies")
        assert job and job.kind == "destroy"
        jobs.finish(connection, job.id, "failed", {})
        destructions.change(connection, wished, tried_at=clock.now())
    ask_to_destroy(archive.store)
    with archive.store.read() as connection:
        assert not jobs.is_open(connection, "destroy")
    set_clock(datetime(2026, 1, 6, 0, 2, tzinfo=UTC))
    ask_to_destroy(archive.store)
    with archive.store.read() as connection:
        assert jobs.unfinished(connection)[0].arguments == {"destruction": wished}
    destroy.carry_out(archive.store, archive.engine, wished)
    set_clock(datetime(2026, 1, 7, tzinfo=UTC))
    ask_to_destroy(archive.store)
    with archive.store.read() as connection:
        assert len(jobs.unfinished(connection)) == 1


def test_it_waits_for_the_end_of_a_crawl(held: Held) -> None:
    number = wish(held, held.crawled)
    with held.store.write() as connection:
        leases.take(connection, "host:soxd.replica.test", "elsewhere||1|1", 60)
    with pytest.raises(destroy.Busy):
        destroy.carry_out(held.store, held.engine, number)
    with held.store.read() as connection:
        assert destructions.unfinished(connection)[0].step == "note"
        kept = articles.get(connection, held.crawled)
    assert kept and kept.restricted_at


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"decision": " "}, "number of the decision"),
        ({"signed_by": ""}, "who signed"),
        ({"reason": ""}, "legal basis"),
        ({"decided_on": date(2999, 1, 1)}, "future"),
    ],
)
def test_a_decision_must_be_whole(archive: Archive, changed: dict[str, Any], told: str) -> None:
    number = archive.put(Article("http://soxd.replica.test/1", title="Một tin"))[0]
    with archive.store.write() as connection, pytest.raises(KhotinError, match=told):
        destroy.wish(connection, number, "admin", DECIDED._replace(**changed))


def test_no_article_is_destroyed_twice_or_shown_again(archive: Archive) -> None:
    number = archive.put(Article("http://soxd.replica.test/1", title="Một tin"))[0]
    with archive.store.write() as connection:
        wished = destroy.wish(connection, number, "admin", DECIDED)
        assert destroy.begun(connection, number, "admin", DECIDED) == wished
    for act in (
        lambda connection: destroy.wish(connection, number, "admin", DECIDED),
        lambda connection: access.release(connection, number, "admin", "lại"),
    ):
        with archive.store.write() as connection, pytest.raises(KhotinError, match="destroyed by decision"):
            act(connection)


def test_what_was_merged_into_it_goes_with_it(archive: Archive) -> None:
    first, second, other = archive.put(
        *(Article(f"http://soxd.replica.test/{n}", title=f"Tin zyx{n}", body=f"Về zyx{n}.") for n in range(3))
    )
    with archive.store.write() as connection:
        articles.mark(connection, second, "crawl", merged_into=first)
        number = destroy.wish(connection, first, "admin", DECIDED)
    destroy.carry_out(archive.store, archive.engine, number)
    assert archive.titles("zyx0") == archive.titles("zyx1") == []
    assert archive.titles("zyx2") == ["Tin zyx2"]
    with archive.store.read() as connection:
        held = articles.several(connection, [first, second, other])
    assert [bool(each.destroyed_at) for each in held.values()] == [True, True, False]
    assert held[second].article.title == ""
