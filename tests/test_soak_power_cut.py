"""Is what was promised on the disk when the power goes?  Real runs are recorded and cut off at random moments."""

import json
import os
import random
import sys
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import pytest

from crawler.replica.content import many
from crawler.replica.server import serve
from indexer import build
from indexer.engine.columns import IndexMissingError
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import Store, articles, captures, has_archive, open_store, sources
from tests.long import length
from tests.power import Op, Recording, after_cut, record

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent
CUTS = length("POWER_CUTS", 300)
PAGES = 40
# What an engineer does with a new server; the import and the second index are there for writes of many kinds.
RUN = """
set -e
khotin() { "%(python)s" -m khotin --home "%(home)s" "$@"; }
khotin source add "%(site)s" --name site --delay 0
khotin crawl site
khotin import "%(news)s"
khotin crawl site --full
khotin index rebuild
printf 'mat khau du dai\\n' | khotin user add lan
khotin user invite
khotin article restrict 3 --reason "thử"
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("power")
    news, root = folder / "news.jsonl", folder / "root"
    root.mkdir()
    news.write_text("\n".join(json.dumps({"id": str(n), "title": f"Tin nhập {n}"}) for n in range(150)))
    with serve(shown=many(PAGES)) as replica:
        script = RUN % {"python": sys.executable, "home": root / "data", "site": replica.url, "news": news}
        told = {"KHOTIN_RESOLVE": replica.resolve, "KHOTIN_SIGN_UP": "invitation"}
        made = record(root, ["sh", "-c", script], os.environ | told, ROOT)
    print(f"\n{len(made.ops)} changes: {dict(Counter(op.kind for op in made.ops))}")
    return made


def promised(made: Recording) -> list[int]:
    """After which changes a transaction has ended: the journal was synced."""
    journal = {op.target for op in made.ops if op.name == "khotin.db-wal"}
    return [at + 1 for at, op in enumerate(made.ops) if op.kind == "sync" and op.number in journal]


Held = tuple[Counter[tuple[str, str, str, int]], int]


def held(store: Store) -> Held:
    """Every article with what it says and how often it changed; how many captures there are."""
    with store.read() as connection:
        kept = articles.after(connection, 0, 10_000)
        rows = connection.exec_driver_sql("SELECT count(*) FROM captures").scalar_one()
    return Counter((k.article.address, k.article.title, k.article.body, k.change) for k in kept), int(rows)


def whole_state(made: Recording, upto: int, place: Path) -> Held:
    """What the database said at a moment, with nothing lost."""
    after_cut(made, upto, place, None)
    if not has_archive(place / "data"):
        return Counter(), 0
    store = open_store(place / "data")
    try:
        return held(store)
    finally:
        store.close()


def test_whenever_the_power_goes_all_that_was_promised_is_there_and_the_index_is_right(
    recorded: Recording, tmp_path: Path
) -> None:
    pick, ends, outcomes = random.Random(5), promised(recorded), Counter[str]()
    for number in range(CUTS):
        upto = pick.randint(1, len(recorded.ops))
        last = bisect_right(ends, upto)
        expected = whole_state(recorded, ends[last - 1], tmp_path / "whole") if last else (Counter(), 0)
        place = tmp_path / "cut"
        after_cut(recorded, upto, place, random.Random(number))
        outcomes[judge(place / "data", expected, f"cut {number} after {upto}")] += 1
        if outcomes.total() % 20 == 0:
            print(f"{outcomes.total()} cuts in {len(recorded.ops)} changes: {dict(outcomes)}", flush=True)


def judge(home: Path, expected: Held, cut: str) -> str:
    if not has_archive(home):
        assert not expected[0], f"{cut}: the archive is gone"
        return "before the archive"
    store = open_store(home, create=True)
    try:
        with store.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok", cut
        found = held(store)
        assert not expected[0] - found[0], f"{cut}: lost {list(expected[0] - found[0])[:3]}"
        assert found[1] >= expected[1], f"{cut}: captures are lost"
        read_captures(store, cut)
        return judge_index(store, cut)
    finally:
        store.close()


def read_captures(store: Store, cut: str) -> None:
    """No row speaks of bytes that are not there."""
    with store.read() as connection:
        known = sources.every(connection)
    for source in known:
        for each in captures.every(store, source.id):
            told = captures.read(store, each)
            assert (told.address, told.digest) == (each.address, each.digest), cut


def judge_index(store: Store, cut: str) -> str:
    """What opens answers as it did when it was published; what does not is made anew, and then all is right."""
    engine = WhooshEngine(store.index)
    state = "no index yet" if engine.state() is None else "index opens"
    try:
        answers(store, engine)
    except IndexMissingError:
        state = "index missing" if state == "no index yet" else "index made anew"
    if state == "index opens":
        assert engine.check() == [] or build.mend(store, engine), cut
    build.mend(store, engine)
    build.update(store, engine)
    assert build.check(store, WhooshEngine(store.index)) == [], cut
    before = answers(store, engine)
    build.rebuild(store, engine)
    assert answers(store, WhooshEngine(store.index)) == before, cut
    key = store.home / "secret.key"
    assert not key.exists() or len(key.read_bytes()) == 64, cut
    return state


def answers(store: Store, engine: WhooshEngine) -> list[object]:
    asked = ("xây dựng", "tin nhập", '"lưu số 7 tại"', "")
    found = [search(Query(q=line, per_page=100), store, engine.columns(), load()) for line in asked]
    return [(each.total, [(hit.kept.id, hit.score) for hit in each.hits]) for each in found]


def test_the_proof_itself_finds_what_was_not_synced(tmp_path: Path) -> None:
    """A program that renames a new file into place and syncs nothing can lose all of it."""
    root = tmp_path / "root"
    root.mkdir()
    program = f"import os; p = {str(root)!r}; open(p + '/a', 'w').write('x' * 9); os.rename(p + '/a', p + '/b')"
    made = record(root, [sys.executable, "-c", program], os.environ, ROOT)
    assert [op.kind for op in made.ops] == ["name", "write", "move"]
    seen = set()
    for number in range(200):
        after_cut(made, len(made.ops), tmp_path / "cut", random.Random(number))
        seen.add(tuple((each.name, each.stat().st_size) for each in sorted((tmp_path / "cut").iterdir())))
    assert {(), (("a", 9),), (("b", 0),), (("b", 9),)} <= seen
    synced = Recording(made.root, [*made.ops, Op("sync", 1), Op("sync", 0)], folders=made.folders)
    after_cut(synced, len(synced.ops), tmp_path / "cut", random.Random(1))
    assert (tmp_path / "cut" / "b").read_text() == "x" * 9
