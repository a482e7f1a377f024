"""Are the answers as good as they were?  Judged questions asked of the replica, with floors that only rise.

`data/judged/` holds the questions with their kinds and, for each, every article that answers it (2) or is of use (1).
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.replica.server import serve
from indexer import evaluate
from indexer.engine.whoosh_index import WhooshEngine
from indexer.evaluate import Judged, Measured, Ranker
from indexer.glossary import load
from indexer.learn import learn
from indexer.store import open_store
from tests.test_journey import khotin

JUDGED = Path(__file__).parent / "data" / "judged"
FLOORS: Mapping[str, Mapping[str, float]] = json.loads((Path(__file__).parent / "floors.json").read_text())["relevance"]
QUERIES, QRELS = JUDGED / "queries.jsonl", JUDGED / "qrels.tsv"
# How far a spelling that means the same may lead from the plain one.
SAME = 0.002


# Both archives take long to make, so one process does all that stands on them.
pytestmark = pytest.mark.xdist_group("floors")


def kinds() -> dict[str, str]:
    rows = map(json.loads, QUERIES.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["kind"] for row in rows}


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return evaluate.read_judged(QUERIES, QRELS)


@pytest.fixture(scope="module")
def rankers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ranker, Ranker]]:
    """Ours and plain BM25, over the replica as it was crawled and as its words were learnt."""
    home = tmp_path_factory.mktemp("judged") / "data"
    with serve() as replica:
        khotin(home, replica, "source", "add", replica.url, "--name", "soxd", "--delay", "0")
        khotin(home, replica, "crawl", "soxd")
    store = open_store(home)
    engine = WhooshEngine(store.index)
    learn(store, engine, engine.columns())
    columns = engine.columns()
    yield evaluate.ranker(store, columns, load()), evaluate.plain_ranker(store, columns)
    store.close()


@pytest.fixture(scope="module")
def measured(judged: list[Judged], rankers: tuple[Ranker, Ranker]) -> list[Measured]:
    return evaluate.measure(judged, rankers[0])


def test_there_are_questions_of_every_kind_and_each_has_a_full_answer(judged: list[Judged]) -> None:
    assert len(judged) >= 160
    assert set(Counter(kinds().values())) == set(FLOORS) - {"all"}
    assert all(2 in each.relevant.values() for each in judged)


def test_every_judged_article_is_in_the_archive(judged: list[Judged], rankers: tuple[Ranker, Ranker]) -> None:
    found = {article for each in judged for article in rankers[0](each.text)}
    assert {article for each in judged for article in each.relevant} <= found


@pytest.mark.parametrize("kind", FLOORS)
def test_no_kind_of_question_falls_below_its_floor(kind: str, measured: list[Measured]) -> None:
    kind_of = kinds()
    figures = evaluate.summary([each for each in measured if kind in ("all", kind_of[each.id])])
    below = {name: figures[name] for name, floor in FLOORS[kind].items() if figures[name] < floor}
    assert not below


def test_ours_beats_plain_bm25_beyond_doubt(
    judged: list[Judged], measured: list[Measured], rankers: tuple[Ranker, Ranker]
) -> None:
    plain = evaluate.measure(judged, rankers[1])
    low, _ = evaluate.interval([each.mrr for each in measured], [each.mrr for each in plain])
    assert low > 0.1


@pytest.mark.parametrize(
    "spell", [lambda text: unicodedata.normalize("NFD", text), str.upper], ids=["decomposed", "capitals"]
)
def test_another_way_of_typing_the_same_finds_the_same(
    spell: Callable[[str], str], judged: list[Judged], rankers: tuple[Ranker, Ranker]
) -> None:
    of_words = {"vietnamese", "unaccented", "lay"}
    kind_of = kinds()
    plain = [each for each in judged if kind_of[each.id] in of_words]
    spelled = [replace(each, text=spell(each.text)) for each in plain]
    ours = rankers[0]
    one, other = (evaluate.summary(evaluate.measure(each, ours))["mrr@10"] for each in (plain, spelled))
    assert abs(one - other) <= SAME
