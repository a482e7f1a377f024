"""Is what is measured what is said to be measured?  Questions, repeated articles, ratios; no timings."""

import time
from itertools import islice
from pathlib import Path

import pytest

from crawler.replica.content import articles as bundled
from indexer.article import Article
from indexer.glossary import load
from indexer.query import Query, address
from indexer.searcher import visible
from tests.bench import peer_fts5, peer_whoosh, peers
from tests.bench.asked import SHARES, Asked, questions
from tests.bench.contest import Contest
from tests.bench.needs import need_of
from tests.bench.ours import Ranking, Understanding, Whole
from tests.bench.table import times_faster, times_its_time
from tests.bench.texts import repeated
from tests.conftest import Archive

MANY = 200
SEEDS = (1, 1, 2)


def draw(archive: Archive, seed: int) -> list[Asked]:
    return questions(archive.store, archive.engine.columns(), load(), MANY, seed)


def test_questions_are_distinct_of_every_kind_and_the_same_for_a_seed(archive: Archive) -> None:
    texts = [each for each in bundled() if each.language == "vi"][:25]
    archive.put(
        *(
            Article(f"http://soxd.replica.test/{n}", each.title, each.lead, "\n".join(each.paragraphs),
                    section=each.section, published=each.published)
            for n, each in enumerate(texts)
        )
    )  # fmt: skip
    first, again, other = (draw(archive, seed) for seed in SEEDS)
    assert first == again != other
    assert len({address(each.query) for each in first}) == len(first) == MANY
    assert {each.kind for each in first} == set(SHARES)
    view = visible(archive.store, archive.engine.columns())
    needs = [need_of(each.query, view, load()) for each in first]
    assert sum(need is None for need in needs) < MANY / 20
    assert all(
        all(clause.terms for group in need.must for clause in group) and all(need.must) for need in needs if need
    )


def test_ours_and_the_peers_are_asked_the_same_of_the_same_articles(archive: Archive, tmp_path: Path) -> None:
    archive.put(
        *(Article(f"http://soxd.replica.test/{n}", f"Cát số {n}", body="Bãi cát ven sông.") for n in range(7)),
        Article("http://soxd.replica.test/a", "Nhà ở xã hội", body="Khởi công nhà ở."),
    )
    writers = {"fts5": peer_fts5.Writer, "whoosh": peer_whoosh.Writer}
    peers.filled(archive.store, tmp_path, writers)
    columns = archive.engine.columns()
    ways = [way(way.__name__, archive.store, columns, load()) for way in (Whole, Ranking, Understanding)]
    others = [peer_fts5.Fts5(tmp_path / "fts5", "AND"), peer_whoosh.Whoosh(tmp_path / "whoosh")]
    contest = Contest(ways, others, visible(archive.store, columns), load(), time.process_time)
    totals = contest.ask([Asked("words", Query(q="cát sông")), Asked("words", Query(q="nhà ở"))], {}).totals
    assert totals.pop("Understanding") == {0: 2, 1: 1}
    assert len(totals) == 4 and all(each == {0: 7, 1: 1} for each in totals.values()), totals


def test_repeated_articles_have_ids_of_their_own_and_differ(tmp_path: Path) -> None:
    file = tmp_path / "two.jsonl"
    file.write_text('{"id": "a", "text": "Một.\\nHai."}\n{"id": "b", "text": "Ba."}\n', encoding="utf-8")
    lines = list(islice(repeated(file), 6))
    assert len({line["id"] for line in lines}) == len({line["body"] for line in lines}) == len(lines)
    assert [line["body"].startswith("Hai.\nMột.") for line in lines] == [False, False, True, False, False, False]


def test_ratios_say_who_is_faster() -> None:
    assert times_faster([0.001] * 3, [0.01] * 3) == "10.00 x, 10.00 x faster"
    assert times_its_time([0.001] * 3, [0.01] * 3) == "0.10 x, 0.10 x its time"


def test_shares_are_all_of_the_questions() -> None:
    assert sum(SHARES.values()) == pytest.approx(100)
